import MartletPipeline

/// A broker's address as users write it, taken apart and not yet judged: `amqp://user:password@host:5672/vhost?heartbeat=30`, or
/// with several hosts and credentials for each as oslo.messaging has it.
///
/// <https://www.rabbitmq.com/docs/uri-spec>; no path, and a path of nothing but its slash, both mean the virtual host `/`.
/// What begins with `rabbit` or `kombu` is read as `oslo_messaging.TransportURL` and its RabbitMQ driver read it: the whole path
/// is the virtual host, `//` for one that is called `/`, a `%` that encodes nothing is itself, and the port is 5672 with TLS too.
struct AMQPAddress: Sendable {
    struct Host: Sendable, Hashable {
        var name: String
        var port: Int?
        var username: String?
        var password: String?
    }

    enum Scheme: Sendable, CaseIterable {
        case amqp
        case amqps
        /// oslo.messaging's.
        case rabbit
        case encryptedRabbit

        init?(_ name: String) {
            let scheme = Self.allCases.first { $0.names.contains(name) }
            guard let scheme else { return nil }
            self = scheme
        }

        private var names: [String] {
            switch self {
            case .amqp: ["amqp"]
            case .amqps: ["amqps"]
            case .rabbit: ["rabbit", "kombu", "kombu+amqp", "kombu+pyamqp", "kombu+rabbit"]
            case .encryptedRabbit: ["kombu+amqps"]
            }
        }

        /// Whether the rules of oslo.messaging hold.
        var isOslo: Bool { self == .rabbit || self == .encryptedRabbit }
    }

    var scheme: Scheme
    var hosts: [Host]
    /// `nil` where the address names none.
    var virtualHost: String?
    var parameters: [(name: String, value: String)]

    /// - Parameter field: the field that the text stands in; no error quotes the text, which holds a password.
    init(_ text: String, field: String) throws(ComponentError) {
        guard let mark = text.firstRange(of: "://"),
            let scheme = Scheme(text[..<mark.lowerBound].lowercased())
        else {
            throw ComponentError(
                field: field,
                "is no address of a broker: write it as amqp://host:5672/vhost, amqps://… or rabbit://…"
            )
        }
        self.scheme = scheme
        var rest = text[mark.upperBound...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw ComponentError(field: field, "contains a blank or a control character: percent-encode it")
        }
        guard !rest.contains("#") else { throw ComponentError(field: field, "contains a #: write it as %23") }
        parameters = []
        if let question = rest.firstIndex(of: "?") {
            for pair in rest[rest.index(after: question)...].split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = try Self.decode(parts[0], field, scheme)
                parameters.append((name, try Self.decode(parts.count > 1 ? parts[1] : "", field, scheme)))
            }
            rest = rest[..<question]
        }
        if let slash = rest.firstIndex(of: "/") {
            let path = rest[rest.index(after: slash)...]
            guard scheme.isOslo || !path.contains("/") else {
                throw ComponentError(
                    field: field,
                    "has a second / in its path: one in a virtual host's name, or in a password, is written as %2F"
                )
            }
            virtualHost = path.isEmpty ? nil : try Self.decode(path, field, scheme)
            rest = rest[..<slash]
        }
        hosts = []
        for part in rest.split(separator: ",", omittingEmptySubsequences: scheme.isOslo) {
            // Credentials that are left out are those of the host before.
            hosts.append(try Host(part, field: field, scheme: scheme, after: hosts.last))
        }
        guard !hosts.isEmpty else { throw Self.noHost(field) }
    }

    fileprivate static func noHost(_ field: String) -> ComponentError {
        ComponentError(field: field, "names no host: write it as amqp://host:5672/vhost")
    }

    /// Percent-encodes what may not stand in a path.
    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }

    fileprivate static func decode(
        _ text: Substring,
        _ field: String,
        _ scheme: Scheme
    ) throws(ComponentError) -> String {
        guard text.contains("%") else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2).compactMap(\.hexadecimal)
            if digits.count == 2 {
                bytes.append(digits[0] << 4 | digits[1])
                rest = rest.dropFirst(2)
            } else if scheme.isOslo {
                bytes.append(byte)
            } else {
                throw ComponentError(field: field, "has a % without two digits behind it: write a % itself as %25")
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !decoded.utf8.contains(0) else {
            throw ComponentError(field: field, "is not UTF-8 when percent-decoded")
        }
        return decoded
    }
}

extension AMQPAddress.Host {
    fileprivate init(
        _ text: Substring,
        field: String,
        scheme: AMQPAddress.Scheme,
        after previous: Self?
    ) throws(ComponentError) {
        var rest = text
        (username, password) = (previous?.username, previous?.password)
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            username = try AMQPAddress.decode(parts[0], field, scheme)
            password = parts.count > 1 ? try AMQPAddress.decode(parts[1], field, scheme) : nil
            rest = rest[rest.index(after: at)...]
        }
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else {
                throw ComponentError(field: field, "has an IPv6 address without its closing bracket")
            }
            name = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            // An IPv6 address without brackets has no port.
            let isAddress = scheme.isOslo && rest.count { $0 == ":" } > 1
            let end = isAddress ? rest.endIndex : rest.firstIndex(of: ":") ?? rest.endIndex
            name = try AMQPAddress.decode(rest[..<end], field, scheme)
            rest = rest[end...]
        }
        guard !name.isEmpty else { throw AMQPAddress.noHost(field) }
        if rest.isEmpty { return }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port) else {
            throw ComponentError(field: field, "has a port that is no number from 1 to 65535, behind the host \(name)")
        }
        self.port = port
    }
}

extension UInt8 {
    fileprivate var hexadecimal: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
