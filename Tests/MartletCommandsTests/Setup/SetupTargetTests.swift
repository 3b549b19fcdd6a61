import Testing

@testable import MartletCommands

struct SetupTargetTests {
    @Test(arguments: [
        ("4.20", "4.20"), ("4.20.1", "4.20"), ("4.19.1.3", "4.19"), ("4.3", "4.3"), ("5.0", "5.0"), ("4", nil),
        ("4.2", nil),
        ("3.9", nil), ("4.x", nil), ("4..20", nil), ("4.20.", nil), ("v4.20", nil), ("4.20.1.2.3", nil), ("", nil),
        ("-4.20", nil), ("4.99999999999999999999", nil),
    ])
    func `a version is its first two numbers`(text: String, expected: String?) {
        #expect(CloudStackVersion(text)?.description == expected)
    }

    @Test(arguments: [
        ("4.19", "core", false), ("4.20", "event", true), ("4.23", "event", true), ("4.9", "core", false),
    ])
    func `the directory of the beans and the number of buses changed with 4 20`(
        text: String,
        directory: String,
        hasSeveral: Bool
    ) throws {
        let version = try #require(CloudStackVersion(text))
        #expect(version.contextDirectory == "/etc/cloudstack/management/META-INF/cloudstack/\(directory)")
        #expect(version.hasSeveralBuses == hasSeveral)
    }

    @Test(arguments: [
        ("k1", "k1:9092"), ("k1:9093", "k1:9093"), ("10.0.0.7:1", "10.0.0.7:1"), ("[2001:db8::7]:9", "[2001:db8::7]:9"),
        ("[::1]", "[::1]:9092"), ("k1:0", nil), ("k1:65536", nil), ("k1:", nil), (":9092", nil), ("", nil),
        ("amqp://k1", nil), ("a b:1", nil), ("user:password@k1:9092", nil), ("[k1]:9092", nil), ("k1,k2", nil),
    ])
    func `a broker is a host and a port`(text: String, expected: String?) {
        #expect(HostPort(text, defaultPort: 9092)?.description == expected)
    }

    @Test func `a list of brokers has commas, and blanks if one likes`() {
        #expect(HostPort.list("k1, k2:9093", defaultPort: 9092)?.map(\.description) == ["k1:9092", "k2:9093"])
        #expect(HostPort.list("k1,,k2", defaultPort: 9092) == nil)
        #expect(HostPort.list("", defaultPort: 9092) == nil)
    }

    @Test(arguments: [
        ("localhost:1", true), ("127.0.0.2:1", true), ("[::1]:1", true), ("10.0.0.1:1", false), ("mq:1", false),
    ])
    func `what stays on this machine is known`(text: String, isLoopback: Bool) throws {
        #expect(try #require(HostPort(text, defaultPort: 1)).isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("http://ms1:8080", "http://ms1:8080/client/api", "ms1:8080"),
        ("https://ms1/", "https://ms1/client/api", "ms1"),
        ("https://ms1/cloud/api", "https://ms1/cloud/api", "ms1"),
    ])
    func `a management server has CloudStack's path where none is said`(text: String, url: String, name: String) throws
    {
        let server = try #require(ManagementServer(text))
        #expect(server.url == url)
        #expect(server.name == name)
    }

    @Test(arguments: ["ms1:8080", "ftp://ms1", "http://admin:secret@ms1", "http://ms1?apikey=x", "http://", ""])
    func `what is no URL of an API, or has credentials in it, is none`(text: String) {
        #expect(ManagementServer(text) == nil)
    }
}
