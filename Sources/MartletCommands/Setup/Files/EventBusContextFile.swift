/// `spring-event-bus-context.xml`: the beans that tell CloudStack which event buses it has.
struct EventBusContextFile {
    let version: CloudStackVersion
    let beans: [EventBusBean]

    static let name = "spring-event-bus-context.xml"

    var file: SetupFile {
        SetupFile(
            target: "\(version.contextDirectory)/\(Self.name)",
            content: content,
            isSecret: beans.contains { $0.holdsSecrets }
        )
    }

    private var content: String {
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<beans xmlns="http://www.springframework.org/schema/beans""#,
            #"       xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#,
            #"       xsi:schemaLocation="http://www.springframework.org/schema/beans"#,
            #"                           http://www.springframework.org/schema/beans/spring-beans-3.0.xsd">"#,
        ]
        for bean in beans {
            lines.append(#"    <bean id="\#(bean.identifier.escapedForXML)" class="\#(bean.className)">"#)
            for property in bean.properties {
                lines.append(
                    #"        <property name="\#(property.name)" value="\#(property.value.escapedForXML)"/>"#
                )
            }
            lines.append("    </bean>")
        }
        lines.append("</beans>")
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    /// The text as the value of an attribute in double quotes (XML 1.0, section 2.3).
    var escapedForXML: String {
        var escaped = ""
        for character in unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
