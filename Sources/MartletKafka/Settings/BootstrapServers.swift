import MartletPipeline

/// The brokers to begin with, as users write them.
enum BootstrapServers {
    private static let defaultPort = 9_092

    /// Each as `host:port`, the port added where it is left out; an IPv6 address in brackets.
    static func read(_ text: String, field: String) throws(ComponentError) -> [String] {
        var servers: [String] = []
        for part in text.split(separator: ",") where !part.trimmed.isEmpty {
            servers.append(try server(part.trimmed, field))
        }
        guard !servers.isEmpty else {
            throw ComponentError(
                field: field,
                "names no broker: write it as host:9092, several with commas between them"
            )
        }
        return servers
    }

    private static func server(_ text: String, _ field: String) throws(ComponentError) -> String {
        var rest = text[...]
        // As listeners are written on the broker's side; the protocol is a setting of its own.
        if let mark = rest.firstRange(of: "://") { rest = rest[mark.upperBound...] }
        guard !rest.contains("@") else {
            throw ComponentError(field: field, "has an @: user and password go into username and password")
        }
        guard !rest.contains("/") else {
            throw ComponentError(field: field, "has a / in “\(text)”: write it as host:9092")
        }
        let host: Substring
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            host = rest[...end]
        } else {
            host = rest.prefix { $0 != ":" }
        }
        rest = rest[host.endIndex...]
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw ComponentError(field: field, "has no host in “\(text)”: write it as host:9092")
        }
        if rest.isEmpty { return "\(host):\(defaultPort)" }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port) else {
            throw ComponentError(field: field, "has no port from 1 to 65535 in “\(text)”: write it as host:9092")
        }
        return "\(host):\(port)"
    }
}
