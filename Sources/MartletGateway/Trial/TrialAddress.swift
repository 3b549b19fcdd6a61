import MartletPipeline

/// What a trial is pointed at: `amqp://USER:PASSWORD@HOST/vhost` or `kafka://HOST:PORT/topic`.
///
/// Several hosts are separated by commas. User, password, vhost and topic are percent-decoded.
package struct TrialAddress: Sendable, Hashable {
    package enum Transport: String, Sendable {
        case amqp, kafka
    }

    package struct Host: Sendable, Hashable, CustomStringConvertible {
        /// An IPv6 address without its brackets.
        package var name: String
        package var port: Int

        package var description: String { name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)" }
    }

    package var transport: Transport
    package var isEncrypted: Bool
    package var hosts: [Host]
    package var username: String?
    package var password: String?
    /// The vhost, `/` where none is named; or the topics, separated by commas.
    package var path: String
    /// What follows the question mark, in its order.
    package var parameters: [Parameter]

    package struct Parameter: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    /// - Throws: ``TrialAddressError``, which never quotes what may be a password.
    package init(_ text: String) throws(TrialAddressError) {
        guard let colon = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased())
        else { throw .scheme }
        (transport, isEncrypted) = (scheme.transport, scheme.isEncrypted)

        let rest = text[colon.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        var tail = rest[authority.endIndex...]
        // A password with a slash in it would be taken for a host and a path.
        if tail.contains("@") { throw .unescaped }
        if let fragment = tail.firstIndex(of: "#") { tail = tail[..<fragment] }

        let at = authority.lastIndex(of: "@")
        if let at { (username, password) = try Self.credentials(authority[..<at]) }
        let hosts = authority[(at.map { authority.index(after: $0) } ?? authority.startIndex)...]
        self.hosts = []
        for host in hosts.split(separator: ",") {
            self.hosts.append(try Self.host(host, port: scheme.port, hasCredentials: at != nil))
        }
        guard !self.hosts.isEmpty else { throw .host }

        let question = tail.firstIndex(of: "?") ?? tail.endIndex
        path = try Self.decoded(tail[..<question].drop { $0 == "/" })
        parameters = []
        for item in tail[question...].dropFirst().split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? try Self.decoded(parts[1]) : ""
            parameters.append(Parameter(name: try Self.decoded(parts[0]), value: value))
        }
        switch transport {
        case .amqp: if path.isEmpty { path = "/" }
        case .kafka: guard !path.isEmpty else { throw .topic }
        }
    }

    /// Where it points, without credentials and parameters.
    package var place: String {
        let scheme = isEncrypted ? "\(transport)s" : "\(transport)"
        let hosts = hosts.map(\.description).joined(separator: ",")
        return "\(scheme)://\(hosts)/\(path == "/" && transport == .amqp ? "" : path)"
    }

    /// The values of a parameter, in order.
    package func values(of name: String) -> [String] { parameters.filter { $0.name == name }.map(\.value) }

    private enum Scheme: String {
        case amqp, amqps, kafka, kafkas

        var transport: Transport { self == .amqp || self == .amqps ? .amqp : .kafka }
        var isEncrypted: Bool { self == .amqps || self == .kafkas }
        var port: Int {
            switch self {
            case .amqp: 5_672
            case .amqps: 5_671
            case .kafka: 9_092
            case .kafkas: 9_093
            }
        }
    }

    private static func credentials(_ text: Substring) throws(TrialAddressError) -> (String?, String?) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = try decoded(parts[0])
        return (name.isEmpty ? nil : name, parts.count > 1 ? try decoded(parts[1]) : nil)
    }

    private static func host(
        _ text: Substring,
        port standard: Int,
        hasCredentials: Bool
    ) throws(TrialAddressError) -> Host {
        var name = text
        var port: Int? = standard
        let afterBracket = text.lastIndex(of: "]") ?? text.startIndex
        if let colon = text[afterBracket...].lastIndex(of: ":") {
            name = text[..<colon]
            port = UInt16(text[text.index(after: colon)...]).map { Int($0) }
        }
        // Without an @ in it, what follows the colon may be a password whose own @ or slash is not escaped.
        guard let port, port > 0 else { throw hasCredentials ? .port : .unescaped }
        if name.first == "[", name.last == "]" { name = name.dropFirst().dropLast() }
        guard !name.isEmpty else { throw .host }
        return Host(name: String(name), port: port)
    }

    private static func decoded(_ text: Substring) throws(TrialAddressError) -> String {
        guard text.contains("%") else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                throw .percent
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .percent }
        return decoded
    }
}

extension TrialAddress.Transport: CustomStringConvertible {
    package var description: String { rawValue }
}

/// What is wrong with an address, and what would be right.
package struct TrialAddressError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String

    private init(_ description: String) { self.description = description }

    static let scheme = TrialAddressError(
        "Say amqp://USER@HOST/vhost, amqps://…, kafka://HOST:PORT/topic or kafkas://… (encrypted)."
    )
    static let host = TrialAddressError("The address names no host: amqp://USER@HOST/vhost or kafka://HOST:PORT/topic.")
    static let topic = TrialAddressError("The address names no topic: kafka://HOST:PORT/topic.")
    static let port = TrialAddressError(
        "The port is no number from 1 to 65535: HOST:PORT, an IPv6 address in brackets."
    )
    static let percent = TrialAddressError(
        "A percent sign in an address is followed by two hexadecimal digits: the sign itself is written %25."
    )
    static let unescaped = TrialAddressError(
        """
        The address cannot be read: HOST:PORT, with a port from 1 to 65535. In a user's name or a password / @ : ? # and % are \
        percent-encoded (a slash is %2F); or leave the password out, and give it in MARTLET_PASSWORD or when asked.
        """
    )

    /// `--exchange` and `--binding` with Kafka.
    static func rabbitMQOnly(_ value: String) -> TrialAddressError {
        TrialAddressError("“\(value)” is for RabbitMQ: Kafka has neither exchanges nor bindings, leave it out.")
    }

    /// What the transport has against it.
    static func settings(_ error: ComponentError) -> TrialAddressError {
        TrialAddressError("The address cannot be used: \(error).")
    }

    /// A parameter that means nothing here.
    static func parameter(_ name: String, known: [String]) -> TrialAddressError {
        TrialAddressError(
            "In the address, after the question mark, \(Spelling.unknown("parameter", name, known: known))."
        )
    }
}
