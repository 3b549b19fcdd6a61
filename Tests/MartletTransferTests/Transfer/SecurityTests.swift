import MartletTransfer
import Testing

@Suite struct SecurityTests {
    let secure: SecureTestServer

    init() throws {
        secure = try SecureTestServer.shared.get()
    }

    @Test func `a certificate that nobody vouches for is refused`() async throws {
        try await withTransfer { (transfer) async throws in
            let error = try #require(
                await transfer.failure(of: HTTPRequest(url: "https://localhost:\(secure.server.port)/echo"))
            )
            #expect(error.code == .tls)
            #expect(error.message.contains("localhost:\(secure.server.port)"))
        }
    }

    @Test func `a certificate of a known authority is accepted for its own name only`() async throws {
        try await withTransfer { (transfer) async throws in
            var request = HTTPRequest(
                url: "https://localhost:\(secure.server.port)/echo",
                certificateAuthority: secure.certificate
            )
            #expect(try await transfer.perform(request).status == 200)
            request.url = "https://127.0.0.1:\(secure.server.port)/echo"
            #expect(await transfer.failure(of: request)?.code == .tls)
        }
    }

    @Test func `a connection trusted by one authority does not serve a request that trusts others`() async throws {
        try await withTransfer { (transfer) async throws in
            var request = HTTPRequest(
                url: "https://localhost:\(secure.server.port)/echo",
                certificateAuthority: secure.certificate
            )
            #expect(try await transfer.perform(request).status == 200)
            request.certificateAuthority = nil
            #expect(await transfer.failure(of: request)?.code == .tls)
        }
    }

    @Test func `a file of authorities that is not there is named as the fault`() async throws {
        try await withTransfer { (transfer) async throws in
            let request = HTTPRequest(
                url: "https://localhost:\(secure.server.port)/echo",
                certificateAuthority: "/nonexistent/authority.pem"
            )
            #expect(await transfer.failure(of: request)?.code == .tls)
        }
    }

    @Test func `speaking TLS to a server that does not is refused`() async throws {
        let plain = try TestServer.plain.get()
        try await withTransfer { (transfer) async throws in
            let request = HTTPRequest(url: "https://127.0.0.1:\(plain.port)/echo", timeout: .seconds(5))
            #expect(await transfer.failure(of: request)?.code == .tls)
        }
    }
}
