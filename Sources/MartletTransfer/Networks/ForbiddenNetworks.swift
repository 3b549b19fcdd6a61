/// The addresses that are not on the public Internet, after IANA's special-purpose address registries (RFC 6890 and its updates).
enum ForbiddenNetworks {
    /// What an address is, where it is not public; nil where it is.
    ///
    /// Addresses that lead to an IPv4 address inside them are judged by that one, which the caller does.
    static func name(of address: NetworkAddress) -> StaticString? {
        for entry in table where entry.network.contains(address) {
            return entry.name
        }
        if case .v6(let bits) = address, bits >> 125 != 0b001 {
            return "not global unicast (2000::/3)"
        }
        return nil
    }

    private static let table: [(network: Network, name: StaticString)] = [
        v4(0, 0, 0, 0, 8, "this host or network (0.0.0.0/8)"),
        v4(10, 0, 0, 0, 8, "private (10.0.0.0/8)"),
        v4(100, 64, 0, 0, 10, "carrier-grade NAT (100.64.0.0/10)"),
        v4(127, 0, 0, 0, 8, "loopback (127.0.0.0/8)"),
        v4(169, 254, 0, 0, 16, "link-local, where clouds keep their metadata (169.254.0.0/16)"),
        v4(172, 16, 0, 0, 12, "private (172.16.0.0/12)"),
        v4(192, 0, 0, 0, 24, "reserved for protocols (192.0.0.0/24)"),
        v4(192, 0, 2, 0, 24, "documentation (192.0.2.0/24)"),
        v4(192, 88, 99, 0, 24, "6to4 relay (192.88.99.0/24)"),
        v4(192, 168, 0, 0, 16, "private (192.168.0.0/16)"),
        v4(198, 18, 0, 0, 15, "benchmarking (198.18.0.0/15)"),
        v4(198, 51, 100, 0, 24, "documentation (198.51.100.0/24)"),
        v4(203, 0, 113, 0, 24, "documentation (203.0.113.0/24)"),
        v4(224, 0, 0, 0, 4, "multicast (224.0.0.0/4)"),
        v4(255, 255, 255, 255, 32, "broadcast (255.255.255.255)"),
        v4(240, 0, 0, 0, 4, "reserved (240.0.0.0/4)"),
        v6(0, 128, "unspecified (::)"),
        v6(1, 128, "loopback (::1)"),
        v6(0x0064_ff9b_0001 << 80, 48, "local NAT64 (64:ff9b:1::/48)"),
        v6(0xfc00 << 112, 7, "unique local (fc00::/7)"),
        v6(0xfe80 << 112, 10, "link-local (fe80::/10)"),
        v6(0xff00 << 112, 8, "multicast (ff00::/8)"),
        v6(0x2001_0002_0000 << 80, 48, "benchmarking (2001:2::/48)"),
        v6(0x2001_0010 << 96, 28, "ORCHID (2001:10::/28)"),
        v6(0x2001_0020 << 96, 28, "ORCHID (2001:20::/28)"),
        v6(0x2001_0db8 << 96, 32, "documentation (2001:db8::/32)"),
        v6(0x3fff << 112, 20, "documentation (3fff::/20)"),
    ]

    private static func v4(
        _ first: UInt32,
        _ second: UInt32,
        _ third: UInt32,
        _ fourth: UInt32,
        _ prefixLength: Int,
        _ name: StaticString
    ) -> (network: Network, name: StaticString) {
        let bits = first << 24 | second << 16 | third << 8 | fourth
        return (Network(.v4(bits), prefixLength: prefixLength), name)
    }

    private static func v6(
        _ bits: UInt128,
        _ prefixLength: Int,
        _ name: StaticString
    ) -> (network: Network, name: StaticString) {
        (Network(.v6(bits), prefixLength: prefixLength), name)
    }
}
