import Martlet
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

@testable import MartletHTTP

/// More comes in than the disk takes: what is accepted is answered in bounded time, the rest is refused at once, and nothing
/// that was acknowledged is missing. The disk is a stand-in, a store in memory that takes 5 MB a second.
@Suite(.timeLimit(.minutes(3))) struct OverloadTests {
    private struct Result: Sendable {
        var status: Int
        var seconds: Double
        var hasRetryAfter: Bool
        var code: String
    }

    private static let bytesPerSecond = 5e6

    private static func slowStore() -> InMemoryEventStore {
        InMemoryEventStore { group in
            let bytes = group.batches.reduce(0) { $0 + $1.byteCount }
            // A cancelled wait is the end of the test.
            try? await SystemTime().sleep(for: .milliseconds(2) + .seconds(Double(bytes) / bytesPerSecond))
        }
    }

    /// Posts a body of four large events, on a connection of its own.
    private static func post(_ server: LiveServer, id: String) async throws -> Result {
        let text = String(repeating: "x", count: 100_000)
        let events = (0..<4).map { APIHarness.event("\(id)-\($0)", extra: #","text":"\#(text)""#) }
        let body = "[\(events.joined(separator: ","))]"
        let begin = ContinuousClock.now
        let client = try RawConnection(port: server.port)
        async let answer = client.read()
        await client.send(
            """
            POST /v1/sources/prod HTTP/1.1\r
            Host: x\r
            Authorization: Bearer secret\r
            Connection: close\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """
        )
        let text2 = await answer
        client.close()
        let status = Int(text2.split(separator: " ").dropFirst().first ?? "") ?? 0
        return Result(
            status: status,
            seconds: (ContinuousClock.now - begin) / .seconds(1),
            hasRetryAfter: text2.lowercased().contains("\r\nretry-after:"),
            code: text2.contains(#""code":"overloaded""#) ? "overloaded" : ""
        )
    }

    @Test func `a disk of 5 MB a second: 503 early, bounded waits, nothing lost, and recovery at once`() async throws {
        let store = Self.slowStore()
        try await LiveServer.run(store: store) { server in
            let end = ContinuousClock.now + .seconds(6)
            let results = try await withThrowingTaskGroup(of: [Result].self) { group in
                for client in 0..<64 {
                    group.addTask {
                        var results: [Result] = []
                        while ContinuousClock.now < end {
                            results.append(try await Self.post(server, id: "\(client)-\(results.count)"))
                            // As an honest client does, though not for a whole second.
                            if results.last?.status == 503 { try await SystemTime().sleep(for: .milliseconds(200)) }
                        }
                        return results
                    }
                }
                var all: [Result] = []
                for try await results in group { all += results }
                return all
            }
            let accepted = results.filter { $0.status == 202 }
            let refused = results.filter { $0.status == 503 }
            #expect(accepted.count + refused.count == results.count)
            #expect(!accepted.isEmpty && !refused.isEmpty)
            #expect(refused.allSatisfy { $0.hasRetryAfter && $0.code == "overloaded" })
            let times = accepted.map(\.seconds).sorted()
            let late = times[times.count * 99 / 100]
            print("accepted \(accepted.count), refused \(refused.count); 99% of those accepted within \(late) s")
            // Two seconds, and what a busy machine adds to 64 clients in the process of the server.
            #expect(late < 3.5)
            #expect(
                try await store.head().rawValue == Int64(4 * accepted.count),
                "what was acknowledged, no more, no less"
            )

            let deadline = ContinuousClock.now + .seconds(30)
            while server.intake.expectedWait > .seconds(1), ContinuousClock.now < deadline { await Task.yield() }
            let after = try await Self.post(server, id: "after")
            #expect(after.status == 202, "as soon as the disk has caught up")
        }
    }
}
