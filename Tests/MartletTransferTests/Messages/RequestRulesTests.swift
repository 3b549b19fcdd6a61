import MartletTransfer
import Testing

@Suite struct RequestRulesTests {
    @Test(arguments: [
        "", "example.com", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com", "HTTP//x", "http://a b/",
        "http://example.com/\r\nX-Evil: 1", "http://example.com/\u{0}", "http://", "http://[::1",
        "http://example.com:99999/",
    ])
    func `a URL that cannot be used is refused`(url: String) async throws {
        try await withTransfer { transfer in
            #expect(await transfer.failure(of: HTTPRequest(url: url))?.code == .badURL)
        }
    }

    @Test func `plain http has to be allowed where networks are restricted`() async throws {
        try await withTransfer { transfer in
            let request = HTTPRequest(url: "http://example.com/secret", networks: .publicOnly())
            let error = try #require(await transfer.failure(of: request))
            #expect(error.code == .badURL)
            #expect(error.message.contains("example.com"))
            #expect(!error.message.contains("secret"))
        }
    }

    @Test(arguments: [
        ("X-Test", "a\r\nX-Evil: 1"), ("X-Test", "a\n"), ("X-Test", "a\u{0}b"), ("X-Test", "\u{7f}"),
        ("X-Test\r\nX-Evil", "1"),
        ("", "1"), ("X Test", "1"), ("X-Test:", "1"), ("Größe", "1"),
        ("content-length", "3"), ("Transfer-Encoding", "chunked"), ("Connection", "close"), ("EXPECT", "100-continue"),
    ])
    func `a header that could break out of its line is refused`(name: String, value: String) async throws {
        try await withTransfer { transfer in
            let request = HTTPRequest(url: "http://127.0.0.1:1/", headers: [(name: name, value: value)])
            #expect(await transfer.failure(of: request)?.code == .badRequest)
        }
    }

    @Test(arguments: ["", "GE T", "GET\r\n", "GET /x HTTP/1.1\r\n"])
    func `a method that is no word is refused`(method: String) async throws {
        try await withTransfer { transfer in
            let request = HTTPRequest(method: method, url: "http://127.0.0.1:1/")
            #expect(await transfer.failure(of: request)?.code == .badRequest)
        }
    }
}
