/// The piece of `martlet.yaml` that reads what CloudStack publishes.
struct MartletSource {
    let name: String
    /// The cloud that several sources share, so that each resource is indexed once.
    var cloud: String?
    let target: SetupTarget

    /// Where Martlet is to find the password of the broker.
    static let passwordFile = "/etc/martlet/rabbitmq.password"

    /// Where Martlet is to find a copy of the producer's file.
    static let propertiesFile = "/etc/martlet/kafka.producer.properties"

    var lines: [String] {
        ["sources:", "  \(name.quotedForYAML):"]
            + (cloud.map { ["    cloud: \($0.quotedForYAML)  # of all its sources; each event comes by each of them"] }
                ?? [])
            + ["    format: cloudstack"] + settings.map { "    \($0)" }
    }

    private var settings: [String] {
        switch target {
        case .kafka(let kafka):
            if !kafka.properties.entries.isEmpty {
                // TLS and SASL are in the file, so the file is what Martlet reads, too.
                return ["kafka:", "  properties-file: \(Self.propertiesFile)"]
            }
            let hosts = kafka.bootstrap.map(\.description.quotedForYAML).joined(separator: ", ")
            return ["kafka:", "  bootstrap-servers: [\(hosts)]", "  topics: [\(kafka.topic.quotedForYAML)]"]
        case .rabbitMQ(let rabbit):
            return [
                "amqp:", "  url: \(rabbit.url.quotedForYAML)", "  username: martlet",
                "  password: { file: \(Self.passwordFile) }", "  exchanges: [\(rabbit.exchange.quotedForYAML)]",
            ]
        case .webhook(let webhook):
            return ["http:", "  secret: { file: \(WebhookFiles(target: webhook).secretFile.quotedForYAML) }"]
        }
    }
}

extension RabbitMQTarget {
    /// The address without credentials; the virtual host as its path, the default one left out.
    var url: String {
        let path = virtualHost == "/" ? "" : "/\(virtualHost.percentEncoded)"
        return "\(usesTLS ? "amqps" : "amqp")://\(address)\(path)"
    }
}

extension String {
    /// The text as a value of YAML, in quotes where it could be read as something else.
    var quotedForYAML: String {
        let isWord =
            (first?.isLetter == true || first == "/")
            && !["true", "false", "null", "yes", "no", "on", "off"].contains(lowercased())
        if isWord, utf8.allSatisfy(\.isPlainInYAML), last != ":" { return self }
        return "\"" + replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// The text as a segment of a URL's path (RFC 3986, section 2.3).
    var percentEncoded: String {
        var encoded: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: encoded.append(byte)
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), byte.hexadecimal(shift: 4), byte.hexadecimal(shift: 0)]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isPlainInYAML: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "_-./".utf8.contains(self)
        }
    }

    fileprivate func hexadecimal(shift: Int) -> UInt8 {
        let digit = self >> shift & 0xf
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
}
