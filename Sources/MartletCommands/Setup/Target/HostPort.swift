/// A host and a port, as people write them: `broker:9092`, `10.0.0.7:5672`, `[2001:db8::7]:9092`.
struct HostPort: Sendable, Hashable, CustomStringConvertible {
    /// Without the brackets of an IPv6 address.
    var host: String
    var port: Int

    /// - Parameter defaultPort: where the text names none.
    /// - Returns: nil where the text is something else, such as a URL or a list.
    init?(_ text: String, defaultPort: Int) {
        let host: Substring
        let rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            guard host.contains(":"), host.utf8.allSatisfy(\.isOfAddress) else { return nil }
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<colon]
            rest = text[colon...]
            guard host.utf8.allSatisfy(\.isOfName) else { return nil }
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        if rest.isEmpty {
            port = defaultPort
        } else {
            guard rest.first == ":", let number = UInt16(rest.dropFirst()), number > 0 else { return nil }
            port = Int(number)
        }
    }

    /// The addresses of a list with commas; nil where one of them is none.
    static func list(_ text: String, defaultPort: Int) -> [HostPort]? {
        let items = text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            item.nonBlankText.flatMap { HostPort($0, defaultPort: defaultPort) }
        }
        return items.contains(nil) ? nil : items.compactMap { $0 }
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether it is this machine, so that what is said to it crosses no network.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

extension Substring {
    fileprivate var nonBlankText: String? { String(self).nonBlank }
}

extension UInt8 {
    fileprivate var isOfName: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: self == UInt8(ascii: "-") || self == UInt8(ascii: ".") || self == UInt8(ascii: "_")
        }
    }

    fileprivate var isOfAddress: Bool {
        switch self {
        case 0x30...0x3a, 0x41...0x46, 0x61...0x66: true
        default: self == UInt8(ascii: ".") || self == UInt8(ascii: "%")
        }
    }
}
