import MartletJSON
import MartletPipeline

/// What components say about themselves, as a list, a page or JSON.
enum ComponentText {
    /// One line each, by kind.
    static func list(_ components: [ComponentDescription], width: Int?) -> [StyledText] {
        let column = (components.map { DisplayWidth.of($0.name) }.max() ?? 0) + 4
        var lines: [StyledText] = []
        for kind in ComponentDescription.Kind.allCases {
            let members = components.filter { $0.kind == kind }
            guard !members.isEmpty else { continue }
            if !lines.isEmpty { lines.append(StyledText()) }
            lines.append(StyledText("\(kind.rawValue)s".uppercased(), .dim))
            for member in members {
                var line = StyledText("  \(member.name)", .bold)
                line.pad(to: column)
                line.append(member.summary)
                lines.append(line.truncated(to: width ?? .max))
            }
        }
        return lines
    }

    /// Everything about one.
    static func page(_ component: ComponentDescription, width: Int?) -> [StyledText] {
        var heading = StyledText(component.name, .bold)
        heading.append(" (\(component.kind.rawValue))", .dim)
        var lines = [heading, StyledText(component.summary)]
        if !component.fields.isEmpty {
            var table = Table([.left("field"), .flexible("type"), .left("default"), .flexible("what it does")])
            for field in FieldDescription.flattened(component.fields) {
                table.add([
                    StyledText(field.name, .cyan), StyledText(field.form.text, .dim),
                    field.isRequired ? StyledText("required", .yellow) : StyledText(field.defaultText ?? "", .dim),
                    StyledText(field.summary),
                ])
            }
            lines += [StyledText()] + table.lines(width: width)
        }
        lines += [StyledText(), StyledText("EXAMPLE", .dim)]
        return lines
            + component.example.split(separator: "\n", omittingEmptySubsequences: false).map { StyledText("  \($0)") }
    }

    /// The form of `GET /v1/components`.
    static func json(_ component: ComponentDescription) -> [UInt8] {
        var writer = JSONWriter()
        component.write(into: &writer)
        return writer.bytes
    }
}
