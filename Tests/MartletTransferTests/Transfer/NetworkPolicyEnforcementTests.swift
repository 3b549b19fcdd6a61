import MartletTransfer
import Testing

@Suite struct NetworkPolicyEnforcementTests {
    let server: TestServer

    init() throws {
        server = try TestServer.plain.get()
    }

    @Test(arguments: [
        "127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::ffff:127.0.0.1]",
    ])
    func `a forbidden address is refused, however it is written`(host: String) async throws {
        try await withTransfer { (transfer) async throws in
            let request = HTTPRequest(url: server.url("echo", host: host), networks: .publicOnly(plainHTTP: true))
            let error = try #require(await transfer.failure(of: request))
            #expect(error.code == .forbiddenAddress)
            #expect(error.message.contains("allow-networks"))
            #expect(error.message.contains("is "))
        }
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.0/8"), ("[::1]", "::1"), ("2130706433", "127.0.0.1"), ("localhost", "127.0.0.0/8"),
    ])
    func `an allowed network may be connected to`(host: String, network: String) async throws {
        try await withTransfer { (transfer) async throws in
            let networks = NetworkPolicy.publicOnly(allowing: [try Network(network)], plainHTTP: true)
            let request = HTTPRequest(url: server.url("port", host: host), networks: networks)
            let first = try await transfer.perform(request)
            #expect(first.status == 200)
            #expect(try await transfer.perform(request).body == first.body)
        }
    }

    @Test func `a connection of an unrestricted request does not serve a restricted one`() async throws {
        try await withTransfer { (transfer) async throws in
            let open = HTTPRequest(url: server.url("port"))
            var restricted = open
            restricted.networks = .publicOnly(plainHTTP: true)
            #expect(try await transfer.perform(open).status == 200)
            let error = try #require(await transfer.failure(of: restricted))
            #expect(error.code == .forbiddenAddress)
            #expect(error.message.contains("127.0.0.1"))
            #expect(try await transfer.perform(open).status == 200)
        }
    }

    @Test func `a stream is held to the same networks`() async throws {
        try await withTransfer { (transfer) async throws in
            let request = HTTPRequest(url: server.url("echo"), networks: .publicOnly(plainHTTP: true))
            let error = await #expect(throws: TransferError.self) { try await transfer.stream(request) }
            #expect(error?.code == .forbiddenAddress)
        }
    }
}
