import Foundation
import MartletTesting
import Testing

/// Clients that open, send and withhold what no honest one does: each is refused at a bound of docs/reference/limits.md, and
/// nobody else notices.
@Suite(.timeLimit(.minutes(3))) struct HostileConnectionsTests {
    /// Raises this process's own bound on open files, and returns how many connections it may have.
    private static func allowConnections() -> Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(min(limit.rlim_cur, 100_000)) - 1_000
    }

    @Test func `ten thousand idle connections keep no one out`() async throws {
        let server = try await Server()
        let client = try RawClient(server)
        let before = try server.figures
        let count = min(10_000, Self.allowConnections())
        let sockets = try await client.open(count)
        if count < 10_000 { print("No more than \(count) connections were opened: this machine allows no more files.") }
        let begin = ContinuousClock.now
        for _ in 0..<20 { #expect(try await server.get("/healthz").status == 200) }
        let event = #"{"specversion":"1.0","id":"1","source":"/t","type":"t"}"#
        #expect(try await server.post("/v1/events", event).status == 202)
        let elapsed = ContinuousClock.now - begin
        #expect(elapsed < .seconds(30), "\(elapsed)")
        let after = try server.figures
        #expect(after.openFiles < 1_024 + 100, "\(after.openFiles)")
        #expect(after.residentBytes < before.residentBytes + (96 << 20), "\(before) \(after)")
        print(
            "\(count) idle connections: \(after.residentBytes >> 20) MB, \(after.openFiles) files, \(elapsed) for 21 requests"
        )
        RawClient.close(sockets)
        #expect(server.stop() == 0)
    }

    @Test func `the limit of open files is raised as far as it may be`() async throws {
        // As a shell would have it.
        let server = try await Server(launcher: ["sh", "-c", #"ulimit -Sn 512 && exec "$@""#, "sh"])
        let text = try String(contentsOfFile: "/proc/\(server.identifier)/limits", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        let values = line.split(separator: " ").compactMap { Int($0) }
        #expect(values.count == 2 && values[0] == values[1] && values[0] > 512, "\(line)")
    }

    /// A head that is none, or too large.
    struct Head: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String

        var testDescription: String { name }

        init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }
    }

    static let heads = [
        Head("a request line of 100 KB", "GET /\(String(repeating: "x", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n"),
        Head(
            "a header of 100 KB",
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "x", count: 100_000))\r\n\r\n"
        ),
        Head(
            "two thousand headers",
            "GET /healthz HTTP/1.1\r\nHost: x\r\n\(String(repeating: "X: y\r\n", count: 2_000))\r\n"
        ),
        Head("no HTTP at all", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\r\n\r\n"),
        Head("a method of its own", "EXPLODE / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Head("a version to come", "GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
        Head("two lengths", "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        Head("a negative length", "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        Head(
            "a length and chunks",
            "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
    ]

    @Test(arguments: heads)
    func `a head that is none, or too large, is refused, and the connection ends`(_ head: Head) async throws {
        let server = try await Server()
        let answer = try await RawClient(server).exchange(head.text, endsInput: true)
        #expect(answer.hasPrefix("HTTP/1.1 4") || answer.isEmpty, "\(answer.prefix(200))")
        #expect(answer.components(separatedBy: "HTTP/1.1 ").count <= 2, "one answer at the most: \(answer.prefix(300))")
        #expect(try await server.get("/healthz").status == 200)
    }

    @Test func `a body without end is refused at the bound, and held at none`() async throws {
        let server = try await Server()
        let chunk = "100000\r\n\(String(repeating: " ", count: 1 << 20))\r\n"
        let head = "\(server.postHead())Transfer-Encoding: chunked\r\n\r\n"
        let pieces = [Array(head.utf8)] + Array(repeating: Array(chunk.utf8), count: 64)
        let answer = try await RawClient(server).exchange(pieces)
        #expect(answer.contains(#""code":"body-too-large""#) || answer.isEmpty, "\(answer.prefix(300))")
        let peak = try server.figures.peakBytes
        #expect(peak < 400 << 20, "\(peak >> 20) MB")
        #expect(try await server.get("/healthz").status == 200)
    }

    @Test func `bodies that are withheld take no memory, and those under way no more than all may`() async throws {
        let server = try await Server()
        let client = try RawClient(server)
        let before = try server.figures.residentBytes
        // Each announces 15 MB; nine in ten send a byte of them, the others all but one.
        let head = Array("\(server.postHead())Content-Length: 15000000\r\n\r\n".utf8)
        let sockets = try await client.open(200)
        let rest = [UInt8](repeating: UInt8(ascii: " "), count: 14_999_998)
        await withTaskGroup { group in
            for (number, socket) in sockets.enumerated() {
                group.addTask {
                    await BlockingCall.run {
                        LoopbackSocket.setTimeout(of: socket, seconds: 10)
                        // Some are refused while they send: that is the point.
                        try? LoopbackSocket.write(head + [UInt8(ascii: "[")], to: socket)
                        if number.isMultiple(of: 10) { try? LoopbackSocket.write(rest, to: socket) }
                    }
                }
            }
        }
        let during = try server.figures.residentBytes
        #expect(during - before < 400 << 20, "\((during - before) >> 20) MB more")
        #expect(try await server.get("/healthz").status == 200)
        print("200 withheld bodies, 20 of them of 15 MB: \((during - before) >> 20) MB more")
        RawClient.close(sockets)
        let event = #"{"specversion":"1.0","id":"1","source":"/t","type":"t"}"#
        try await eventually("the server takes events again") {
            try await server.post("/v1/events", event).status == 202
        }
    }

    @Test func `a flood of pipelined requests is answered one by one`() async throws {
        let server = try await Server()
        let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        let last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let answer = try await RawClient(server).exchange(
            [Array(String(repeating: request, count: 5_000).utf8), Array(last.utf8)],
            patience: 60
        )
        #expect(answer.components(separatedBy: "HTTP/1.1 200 OK").count - 1 == 5_001)
        #expect(try server.figures.peakBytes < 300 << 20)
    }

    @Test(arguments: [("a=b&", 5_000), ("topic=%23&", 1), ("type=xxxxxxxx", 5_000), ("&", 60_000)])
    func `a query that is long costs no more than its length`(text: String, count: Int) async throws {
        let query = String(repeating: text, count: count)
        let server = try await Server()
        let begin = ContinuousClock.now
        let answer = try await server.get("/v1/events?\(query)")
        #expect(answer.status == 200 || answer.status == 400, "\(answer.text.prefix(200))")
        #expect(ContinuousClock.now - begin < .seconds(30))
        #expect(answer.body.count < 128 << 10)
        #expect(server.stop() == 0)
    }

    @Test(arguments: [
        "limit=99999999999999999999", "limit=-1", "limit=0", "after=x", "after=-5", "wait=99999999", "body=%ZZ",
        "%FF=1",
        "since=the+day+before", "limit=1&limit=2", "&&&&====&",
    ])
    func `a parameter that is absurd is refused by its name`(_ query: String) async throws {
        let server = try await Server()
        let begin = ContinuousClock.now
        let answer = try await server.get("/v1/events?\(query)")
        #expect(answer.status == 400, "\(query.prefix(40)): \(answer.text.prefix(200))")
        #expect(ContinuousClock.now - begin < .seconds(30))
        #expect(answer.body.count < 64 << 10)
    }
}
