// Glibc's module leaves <netinet/in.h> to whichever module includes it first, which can be libcurl's.
import CCurl
import Glibc

/// An IPv4 or IPv6 address.
package enum NetworkAddress: Sendable, Hashable {
    /// The 32 bits in the order of the value: `127.0.0.1` is `0x7f00_0001`.
    case v4(UInt32)
    /// The 128 bits in the order of the value: `::1` is 1.
    case v6(UInt128)

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else, octal, hexadecimal and shortened IPv4 forms included.
    package init?(_ text: String) {
        self.init(text: text)
    }

    /// The same for a C string.
    init?(text: UnsafePointer<CChar>) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self = .v4(UInt32(bigEndian: v4.s_addr))
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self = .v6(Self.number(of: v6))
        } else {
            return nil
        }
    }

    /// The address in a socket address; nil for families other than IPv4 and IPv6, and where it is shorter than its family's.
    init?(socketAddress: UnsafePointer<sockaddr>, length: Int) {
        let raw = UnsafeRawPointer(socketAddress)
        switch Int32(socketAddress.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            self = .v4(UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            self = .v6(Self.number(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr))
        default:
            return nil
        }
    }

    private static func number(of address: in6_addr) -> UInt128 {
        withUnsafeBytes(of: address) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
    }

    /// The IPv4 addresses that an IPv6 address of a transition mechanism leads to; empty for every other address.
    ///
    /// IPv4-mapped `::ffff:0:0/96`, NAT64 `64:ff9b::/96` (RFC 6052), 6to4 `2002::/16` (RFC 3056), and Teredo `2001::/32`
    /// (RFC 4380), which names its server and, with every bit inverted, its client.
    var embedded: [NetworkAddress] {
        guard case .v6(let bits) = self else { return [] }
        if bits >> 32 == 0xffff || bits >> 32 == 0x0064_ff9b << 64 {
            return [.v4(UInt32(truncatingIfNeeded: bits))]
        }
        if bits >> 112 == 0x2002 {
            return [.v4(UInt32(truncatingIfNeeded: bits >> 80))]
        }
        if bits >> 96 == 0x2001_0000 {
            return [.v4(UInt32(truncatingIfNeeded: bits >> 64)), .v4(~UInt32(truncatingIfNeeded: bits))]
        }
        return []
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// The usual text form: `127.0.0.1`, `2001:db8::1`.
    package var description: String {
        // The longest IPv6 text has 45 characters (RFC 4291 with a dotted tail), and a zero byte.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 46) { buffer in
            let text: UnsafePointer<CChar>?
            switch self {
            case .v4(let bits):
                var address = in_addr(s_addr: bits.bigEndian)
                text = inet_ntop(AF_INET, &address, buffer.baseAddress, 46)
            case .v6(let bits):
                var address = bits.bigEndian
                text = inet_ntop(AF_INET6, &address, buffer.baseAddress, 46)
            }
            return text.map { String(cString: $0) } ?? "unknown"
        }
    }
}
