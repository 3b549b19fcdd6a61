/// A range of addresses with a common prefix, as `127.0.0.0/8` or `fd00::/8`.
package struct Network: Sendable, Hashable {
    /// The first address of the range.
    package let address: NetworkAddress
    /// The number of leading bits that all its addresses share: 0 to 32 for IPv4, 0 to 128 for IPv6.
    package let prefixLength: Int

    /// Reads `address/length`, or an address alone for a range of one.
    ///
    /// Throws where the text is no address, the length does not fit its family, or bits after the prefix are set: `10.1.2.3/8` is
    /// more likely a slip than a wish for `10.0.0.0/8`.
    package init(_ text: String) throws(NetworkSyntaxError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else {
            throw NetworkSyntaxError(text: text, reason: "write a network as 192.0.2.0/24 or 2001:db8::/32")
        }
        let width = address.width
        var prefixLength = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]), length <= width
            else {
                throw NetworkSyntaxError(
                    text: text,
                    reason: "the length after the slash is a number from 0 to \(width)"
                )
            }
            prefixLength = length
        }
        self.init(address.prefix(prefixLength), prefixLength: prefixLength)
        guard self.address == address else {
            throw NetworkSyntaxError(text: text, reason: "bits after the prefix are set; did you mean \(self)")
        }
    }

    /// A range of which the caller knows that it is well formed.
    init(_ address: NetworkAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Whether an address lies in the range. An IPv4-mapped IPv6 address is not in an IPv4 range: ``NetworkPolicy`` looks inside.
    package func contains(_ other: NetworkAddress) -> Bool {
        other.width == address.width && other.prefix(prefixLength) == address
    }
}

extension Network: CustomStringConvertible {
    package var description: String { "\(address)/\(prefixLength)" }
}

/// A text that names no network.
package struct NetworkSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text as it was given.
    package let text: String
    /// What would be right.
    package let reason: String

    package var description: String { "\"\(text)\" is not a network: \(reason)" }
}

extension NetworkAddress {
    fileprivate var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    fileprivate func prefix(_ length: Int) -> NetworkAddress {
        // Swift's shifts give 0 where the distance reaches the width, so that a length of 0 keeps no bit.
        switch self {
        case .v4(let bits): .v4(bits & (UInt32.max << (32 - length)))
        case .v6(let bits): .v6(bits & (UInt128.max << (128 - length)))
        }
    }
}
