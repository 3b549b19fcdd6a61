import MartletTransfer
import Testing

@Suite struct ExchangeTests {
    let server: TestServer

    init() throws {
        server = try TestServer.plain.get()
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS"], [0, 1, 618, 3_000_000])
    func `content of any size arrives and comes back`(method: String, size: Int) async throws {
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let response = try await withTransfer {
            try await $0.perform(
                HTTPRequest(method: method, url: server.url("echo"), body: content, maximumResponseBytes: 4_000_000)
            )
        }
        #expect(response.status == 200)
        #expect(response.headers["x-method"] == method)
        #expect(response.body == content)
    }

    @Test(arguments: ["GET", "HEAD"])
    func `a method without content is sent as such`(method: String) async throws {
        let response = try await withTransfer {
            try await $0.perform(HTTPRequest(method: method, url: server.url("echo")))
        }
        #expect(response.headers["X-METHOD"] == method)
        #expect(response.headers.values(named: "X-Twice") == ["one", "two"])
        #expect(response.headers["x-none"] == nil)
        #expect(response.body.isEmpty)
    }

    @Test func `headers arrive as they were given, and no others but the necessary`() async throws {
        let headers = [
            (name: "Webhook-Id", value: "msg_1"), (name: "X-Empty", value: ""),
            (name: "X-Text", value: "Zürich: a\tb;c"),
        ]
        let response = try await withTransfer {
            try await $0.perform(
                HTTPRequest(
                    method: "POST",
                    url: server.url("head"),
                    headers: headers,
                    body: Array(repeating: 1, count: 2000)
                )
            )
        }
        let lines = response.text.split(separator: "\n").sorted()
        // Python reads header bytes as Latin 1 and writes them here as UTF-8.
        let text = String(String.UnicodeScalarView("Zürich: a\tb;c".utf8.map { Unicode.Scalar($0) }))
        #expect(
            lines == [
                "Accept: */*", "Content-Length: 2000", "Host: 127.0.0.1:\(server.port)", "User-Agent: martlet-tests/1",
                "Webhook-Id: msg_1", "X-Empty: ", "X-Text: \(text)",
            ]
        )
    }

    @Test(arguments: [204, 301, 400, 404, 410, 429, 500, 503])
    func `a status is an answer, not an error`(status: Int) async throws {
        let response = try await withTransfer {
            try await $0.perform(HTTPRequest(url: server.url("status/\(status)")))
        }
        #expect(response.status == status)
    }

    @Test func `a redirect is not followed`() async throws {
        let response = try await withTransfer { try await $0.perform(HTTPRequest(url: server.url("redirect"))) }
        #expect(response.status == 302)
        #expect(response.headers["location"] == "/echo")
    }

    @Test func `an interim head is passed over`() async throws {
        let response = try await withTransfer { try await $0.perform(HTTPRequest(url: server.url("interim"))) }
        #expect(response.status == 200)
        #expect(response.headers["link"] == nil)
        #expect(response.text == "final")
    }

    @Test func `a connection is kept and used again`() async throws {
        try await withTransfer { (transfer) async throws in
            let first = try await transfer.perform(HTTPRequest(url: server.url("port")))
            let second = try await transfer.perform(HTTPRequest(method: "POST", url: server.url("port")))
            #expect(first.text == second.text)
            #expect(!first.body.isEmpty)
        }
    }

    @Test func `many requests at once are all answered, each with its own`() async throws {
        try await withTransfer(maximumConnectionsPerHost: 4) { (transfer) async throws in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let content = Array("content \(number)".utf8)
                        let request = HTTPRequest(
                            method: "POST",
                            url: server.url("echo"),
                            body: content,
                            timeout: .seconds(60)
                        )
                        return try await transfer.perform(request).body == content
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test(arguments: ["size/1000", "chunks/1"])
    func `an answer is bounded, to the byte`(path: String) async throws {
        try await withTransfer { (transfer) async throws in
            let size = path == "size/1000" ? 1000 : 1024
            let request = HTTPRequest(url: server.url(path), maximumResponseBytes: size)
            #expect(try await transfer.perform(request).body.count == size)
            let narrower = HTTPRequest(url: server.url(path), maximumResponseBytes: size - 1)
            #expect(await transfer.failure(of: narrower)?.code == .tooLarge)
        }
    }

    @Test func `a head is bounded`() async throws {
        try await withTransfer { (transfer) async throws in
            #expect(await transfer.failure(of: HTTPRequest(url: server.url("headers/50"))) == nil)
            #expect(await transfer.failure(of: HTTPRequest(url: server.url("headers/70")))?.code == .tooLarge)
        }
    }
}
