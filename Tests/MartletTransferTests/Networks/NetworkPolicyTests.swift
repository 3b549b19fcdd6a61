import MartletTransfer
import Testing

@Suite struct NetworkPolicyTests {
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "100::1", "2001:db8::1",
        "2001:2::1",
        "2001:10::1", "2001:2f::1", "3fff::1", "5f00::1", "64:ff9b:1::1", "4000::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::169.254.169.254", "2002:7f00:1::", "2002:c0a8:101::1",
        "2001:0:7f00:1::f7f7:f7f7", "2001:0:808:808::80ff:fffe", "2001:0:808:808::f5ff:fffe",
    ])
    func `a private or special address is refused`(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(NetworkPolicy.publicOnly().refusal(of: address) != nil)
        #expect(NetworkPolicy.unrestricted.refusal(of: address) == nil)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0",
        "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
        "223.255.255.255", "2606:4700::1111", "2a00::1", "2001:4860:4860::8888", "3ffe::1",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:808:808::f7f7:f7f7",
    ])
    func `a public address is permitted`(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(NetworkPolicy.publicOnly().refusal(of: address) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.9.9.9", true), ("10.0.0.0/8", "192.168.0.1", false), ("10.0.0.0/8", "::ffff:10.0.0.1", true),
        ("10.0.0.0/8", "64:ff9b::10.0.0.1", true), ("10.0.0.0/8", "2002:a00:1::", true), ("fd00::/8", "fd12::1", true),
        ("fd00::/8", "fc12::1", false), ("2002::/16", "2002:7f00:1::", true), ("::1", "::1", true),
        ("::1", "127.0.0.1", false),
    ])
    func `an allowed network opens what lies in it and no more`(network: String, address: String, expected: Bool) throws
    {
        let address = try #require(NetworkAddress(address))
        #expect((NetworkPolicy.publicOnly(allowing: [try Network(network)]).refusal(of: address) == nil) == expected)
    }

    @Test func `a refusal says what the address is`() throws {
        let address = try #require(NetworkAddress("64:ff9b::169.254.169.254"))
        let refusal = try #require(NetworkPolicy.publicOnly().refusal(of: address))
        #expect(refusal.contains("leads to 169.254.169.254"))
        #expect(refusal.contains("link-local"))
    }
}
