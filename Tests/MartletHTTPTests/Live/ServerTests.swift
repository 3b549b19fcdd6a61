import MartletTesting
import ServiceLifecycle
import Testing

@testable import MartletHTTP

struct ServerTests {
    private static let head = "POST /v1/sources/prod HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"

    @Test func `a free port is found and told`() async throws {
        try await LiveServer.run { server in
            #expect(server.port > 0)
            let client = try RawConnection(port: server.port)
            await client.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(await client.read().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `who trickles a body is answered with 408 and cut off`() async throws {
        try await LiveServer.run {
            $0.requestTimeout = .milliseconds(20)
        } _: { server in
            let client = try RawConnection(port: server.port)
            await client.send("\(ServerTests.head)Content-Length: 1000000\r\n\r\n{")
            while await !client.canRead() { await client.send(" ") }
            let answer = await client.read()
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains(#""code":"timeout""#))
        }
    }

    @Test(arguments: ["", "POST /v1/sour", "\(head)Content-Length: 10\r\n\r\n{"])
    func `who falls silent is cut off`(_ beginning: String) async throws {
        try await LiveServer.run {
            $0.idleTimeout = .milliseconds(50)
        } _: { server in
            let client = try RawConnection(port: server.port)
            await client.send(beginning)
            #expect(await client.read() == "")
        }
    }

    @Test(arguments: ["Content-Length: 2000000", "Transfer-Encoding: chunked"])
    func `who sends too much reads why`(_ announcement: String) async throws {
        try await LiveServer.run {
            $0.maximumBodyBytes = 1_000
        } _: { server in
            let client = try RawConnection(port: server.port)
            let body = String(repeating: " ", count: 1_000_000)
            await client.send("\(ServerTests.head)\(announcement)\r\n\r\n")
            async let answer = client.read()
            await client.send("F4240\r\n\(body)")
            #expect(await answer.contains(#""code":"body-too-large""#))
        }
    }

    @Test func `whoever asks before sending a body is told to go on`() async throws {
        try await LiveServer.run { server in
            let client = try RawConnection(port: server.port)
            let body = APIHarness.event("1")
            await client.send("\(ServerTests.head)Content-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
            #expect(await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            await client.send(body)
            #expect(await client.read(until: #""problems":[]}"#).hasPrefix("HTTP/1.1 202 "))
            client.close()
        }
    }

    @Test func `a graceful shutdown answers those who wait at once`() async throws {
        let time = ManualTime()
        try await LiveServer.run(time: time) { server in
            let client = try RawConnection(port: server.port)
            await client.send(
                "GET /v1/events?wait=30 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n\r\n"
            )
            await time.waitForSleepers()
            await server.group.triggerGracefulShutdown()
            #expect(await client.read().hasSuffix(#"{"events":[],"next":null,"scanned":"0","first":"1","head":"0"}"#))
        }
    }
}
