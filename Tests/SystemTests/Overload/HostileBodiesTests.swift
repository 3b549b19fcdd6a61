import Foundation
import MartletTesting
import Testing

/// Bodies made to take more than they weigh: refused at a bound of docs/reference/limits.md, or taken in bounded memory.
@Suite(.timeLimit(.minutes(4))) struct HostileBodiesTests {
    /// A body, and the answers that will do.
    struct Bomb: Sendable, CustomTestStringConvertible {
        var name: String
        var body: @Sendable () -> [UInt8]
        var statuses: Set<Int>

        var testDescription: String { name }

        init(_ name: String, _ statuses: Set<Int>, _ body: @escaping @Sendable () -> String) {
            self.name = name
            self.statuses = statuses
            self.body = { Array(body().utf8) }
        }

        init(_ name: String, _ statuses: Set<Int>, bytes: @escaping @Sendable () -> [UInt8]) {
            (self.name, self.statuses, self.body) = (name, statuses, bytes)
        }
    }

    private static func event(_ rest: String, id: String = "1") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/t","type":"t"\#(rest)}"#
    }

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    static let bombs: [Bomb] = [
        Bomb("a million arrays in each other", [400]) { repeated("[", 1_000_000) + repeated("]", 1_000_000) },
        Bomb("a million objects in each other", [400]) {
            repeated(#"{"a":"#, 1_000_000) + "1" + repeated("}", 1_000_000)
        },
        Bomb("an event with ten thousand levels of data", [202, 400]) {
            event(#","data":\#(repeated("[", 10_000))\#(repeated("]", 10_000))"#)
        },
        Bomb("a number of a million digits", [202, 400]) { event(#","data":\#(repeated("9", 1_000_000))"#) },
        Bomb("a number of a large exponent", [202, 400]) { event(#","data":1e999999999"#) },
        Bomb("a million keys", [202]) {
            event(#","data":{\#((0..<1_000_000).map { "\"k\($0)\":0" }.joined(separator: ","))}"#)
        },
        Bomb("two hundred thousand attributes", [202]) {
            event("," + (0..<200_000).map { "\"k\($0)\":\"\"" }.joined(separator: ","))
        },
        Bomb("a key two hundred thousand times", [202]) {
            event("," + repeated(#""id":"2","#, 200_000) + #""id":"3""#)
        },
        Bomb("bytes that are no UTF-8", [400]) {
            Array(event("").utf8.dropLast()) + Array(#","a":""#.utf8) + [0xC0, 0xAF, 0xFF] + Array("\"}".utf8)
        },
        Bomb("a NUL in the text", [400]) { Array(event("").utf8) + [0] },
        Bomb("an escaped NUL", [202]) { event(#","data":"a\u0000b""#) },
        Bomb("half a surrogate pair", [202, 400]) { event(#","data":"\ud800""#) },
        Bomb("a string of 15 MB", [202]) { event(#","data":"\#(repeated("x", 15_000_000))""#) },
        Bomb("a string of 100 MB", [413]) { event(#","data":"\#(repeated("x", 100_000_000))""#) },
        Bomb("a hundred thousand events", [202]) {
            "[\((0..<100_000).map { event("", id: "\($0)") }.joined(separator: ","))]"
        },
        Bomb("one event more than there may be", [413]) { "[\(repeated("0,", 100_000))0]" },
        Bomb("a hundred thousand things that are no events", [202]) { "[\(repeated("0,", 99_999))0]" },
        Bomb("a million lines that are no events", [400, 413]) { repeated("{}x\n", 1_000_000) },
        Bomb("nothing but blanks", [400]) { repeated(" ", 15_000_000) },
    ]

    @Test(arguments: bombs)
    func `a body that is a bomb is refused, or taken, in bounded time and memory`(_ bomb: Bomb) async throws {
        let server = try await Server()
        let body = bomb.body()
        let begin = ContinuousClock.now
        let answer = try? await server.send("POST", "/v1/events", body: body, headers: [])
        let elapsed = ContinuousClock.now - begin
        // Where the server hangs up while the client still sends, the client may miss the answer.
        if let answer {
            #expect(bomb.statuses.contains(answer.status), "\(answer.status): \(answer.text.prefix(300))")
            #expect(answer.body.count < 24 << 20)
        } else {
            #expect(bomb.statuses.contains(413))
        }
        let peak = try server.figures.peakBytes
        print("\(bomb.name): \(answer?.status ?? 0) in \(elapsed), \(peak >> 20) MB at the most")
        #expect(elapsed < .seconds(45))
        #expect(peak < 1 << 30)
        // The server goes on as before, and shows what it has taken.
        #expect(try await server.post("/v1/events", Self.event("", id: "after")).status == 202)
        #expect(try await server.get("/v1/events?limit=1").status == 200)
        #expect(server.stop() == 0)
    }

    @Test func `a body that is packed is refused unread`() async throws {
        let server = try await Server()
        for encoding in ["gzip", "br", "deflate, gzip", "zstd"] {
            let headers = [(name: "content-encoding", value: encoding)]
            let answer = try await server.post("/v1/events", "\u{1F}\u{8}", headers: headers)
            #expect(answer.status == 415, "\(encoding): \(answer.text)")
        }
    }

    @Test func `ever new types and topics fill neither the memory nor the metrics`() async throws {
        let server = try await Server()
        func post(_ batch: Int) async throws {
            let events = (0..<5_000).map { number in
                let name = "\(batch)-\(number)"
                return
                    #"{"specversion":"1.0","id":"\#(name)","source":"/s/\#(name)","type":"t\#(name)","topic":"a.\#(name)"}"#
            }
            let answer = try await server.post("/v1/events", "[\(events.joined(separator: ","))]")
            try #require(answer.status == 202, "\(answer.text)")
        }
        for batch in 0..<4 { try await post(batch) }
        let before = try await (server.figures.residentBytes, server.get("/metrics").body.count)
        for batch in 4..<12 { try await post(batch) }
        let after = try await (server.figures.residentBytes, server.get("/metrics").body.count)
        print("40,000 more types: \((after.0 - before.0) >> 20) MB more, \(after.1 - before.1) bytes of metrics more")
        #expect(after.1 < before.1 + 1_024)
        #expect(after.0 < before.0 + (160 << 20))
    }
}
