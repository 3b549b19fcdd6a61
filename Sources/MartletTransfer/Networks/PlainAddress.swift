/// Whether an address, `http://cloud.example:8080/client`, has what is sent there cross a network for all to read.
package struct PlainAddress: Sendable {
    private static let scheme = "http://"
    /// Whether it is neither encrypted nor this machine's own.
    package let isExposed: Bool

    package init(_ url: String) {
        let lowered = url.lowercased()
        guard lowered.hasPrefix(Self.scheme) else {
            isExposed = false
            return
        }
        let authority = lowered.dropFirst(Self.scheme.count).prefix { !"/?#".contains($0) }
        isExposed = !Self.isLocal(Self.host(of: authority))
    }

    private static func host(of authority: Substring) -> Substring {
        let start = authority.lastIndex(of: "@").map { authority.index(after: $0) } ?? authority.startIndex
        let place = authority[start...]
        if place.first == "[" { return place.prefix { $0 != "]" }.dropFirst() }
        return place.prefix { $0 != ":" }
    }

    /// A name that only begins like an address of this machine is somebody else's.
    private static func isLocal(_ host: Substring) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && !numbers.contains(nil) && numbers[0] == 127
    }
}
