import MartletTransfer
import Testing

@Suite struct NetworkTests {
    @Test(arguments: [
        ("127.0.0.0/8", "127.255.255.255", true), ("127.0.0.0/8", "128.0.0.0", false),
        ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false),
        ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.4", false),
        ("192.168.4.0/22", "192.168.7.9", true), ("192.168.4.0/22", "192.168.8.0", false),
        ("fd00::/8", "fdff::1", true), ("fd00::/8", "fc00::1", false),
        ("::/0", "2001:db8::1", true), ("::/0", "1.2.3.4", false),
        ("2001:db8::1", "2001:db8::1", true), ("2001:db8::1/128", "2001:db8::2", false),
    ])
    func `a network contains the addresses that share its prefix`(network: String, address: String, expected: Bool)
        throws
    {
        let address = try #require(NetworkAddress(address))
        #expect(try Network(network).contains(address) == expected)
    }

    @Test(arguments: ["127.0.0.0/8", "10.1.2.3/32", "fd00::/8", "::/0", "2001:db8::1/128", "::ffff:10.0.0.0/104"])
    func `a network is written as it was read`(text: String) throws {
        #expect(try Network(text).description == text)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0/8", "010.0.0.0/8",
        "0x7f.0.0.0/8", "2130706433", "localhost", "::/129", "fe80::1%eth0", "[::1]", " 10.0.0.0/8",
        "10.0.0.0/99999999999999999999",
    ])
    func `a text that is no network is refused`(text: String) {
        #expect(throws: NetworkSyntaxError.self) { try Network(text) }
    }

    @Test func `a network with bits after its prefix names the one that may be meant`() throws {
        let error = try #require(throws: NetworkSyntaxError.self) { try Network("10.1.2.3/8") }
        #expect(error.description.contains("10.0.0.0/8"))
    }
}
