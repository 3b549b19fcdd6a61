import Foundation
import MartletJSON
import MartletTesting
import Synchronization
import Testing

/// Promise 7 with the real binary: a hundred forwarders that work beside a hundred whose receivers are dead.
@Suite(.timeLimit(.minutes(5))) struct DeadForwardersTests {
    private static let topics = 20
    private static let alive = 100
    private static let batches = 60
    private static let eventsInBatch = 20

    /// A server with a hundred forwarders, and whatever else is given; each wants the events of one topic.
    private static func start(_ receiver: Receiver, dead: [(url: String, settings: String)]) async throws -> Server {
        var lines = ["forwarders:"]
        for number in 0..<alive {
            lines.append(line("alive-\(number)", receiver.url, number, settings: ""))
        }
        for (number, receiver) in dead.enumerated() {
            lines.append(line("dead-\(number)", receiver.url, number, settings: receiver.settings))
        }
        return try await Server(configuration: lines.joined(separator: "\n"))
    }

    private static func line(_ name: String, _ url: String, _ number: Int, settings: String) -> String {
        "  \(name): { match: [t\(number % topics)], webhook: { url: \"\(url)/\(name)\"\(settings) }, body: event }"
    }

    /// Posts events of all topics, one request after the other, and returns how long it took.
    private static func post(to server: Server) async throws -> Duration {
        let begin = ContinuousClock.now
        for batch in 0..<batches {
            let events = (0..<eventsInBatch).map { number in
                """
                {"specversion":"1.0","id":"\(batch)-\(number)","source":"/t","type":"t","topic":"t\(number % topics)",\
                "subject":"VirtualMachine/\(number)","data":{}}
                """
            }
            let answer = try await server.post("/v1/events", "[\(events.joined(separator: ","))]")
            try #require(answer.status == 202, "\(answer.text)")
        }
        return ContinuousClock.now - begin
    }

    private static func waitForAll(_ receiver: Receiver) async throws {
        let wanted = alive * batches * eventsInBatch / topics
        try await eventually("the living forwarders have everything", patience: .seconds(90)) {
            receiver.requests.count >= wanted
        }
    }

    @Test func `dead receivers cost the others nothing, nor the intake, nor memory, nor the log`() async throws {
        // For comparison: the same without any dead ones.
        let first = try await Receiver()
        let quiet = try await Self.start(first, dead: [])
        let without = try await Self.post(to: quiet)
        try await Self.waitForAll(first)
        let before = try quiet.figures
        #expect(quiet.stop() == 0)

        let receiver = try await Receiver()
        let hanging = try FaultyReceiver([.takeRequest, .hang])
        let refusing = try FreePort.next()
        let busy = try FaultyReceiver([.takeRequest, .send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")])
        let failing = try FaultyReceiver([.takeRequest, .send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")])
        let dead = (0..<100).map { number -> (url: String, settings: String) in
            switch number % 4 {
            case 0: (hanging.url, ", timeout: 5s")
            case 1: ("http://127.0.0.1:\(refusing)", "")
            case 2: (busy.url, "")
            default: (failing.url, "")
            }
        }
        let server = try await Self.start(receiver, dead: dead)
        let with = try await Self.post(to: server)
        try await Self.waitForAll(receiver)
        let after = try server.figures
        try await eventually("the dead ones are known to be") {
            let answer = try await server.get("/v1/forwarders").json["forwarders"]
            let forwarders = answer.map { Array($0.elements) } ?? []
            let states = forwarders.filter { $0["name"]?.string?.hasPrefix("dead") == true }.map { $0["state"]?.string }
            return states.count == 100 && states.allSatisfy { $0 == "unavailable" || $0 == "retrying" }
        }
        // A dead forwarder is asleep nearly always: two hundred of them take hardly any of the processor.
        let begin = try server.figures.processorTime
        let clock = ContinuousClock()
        let start = clock.now
        try await eventually("five seconds have passed") { clock.now - start > .seconds(5) }
        let idle = try (server.figures.processorTime - begin) / .seconds(5)

        let lines = server.logText.split(separator: "\n").count
        print(
            """
            100 living forwarders: \(without) for the intake, \(before.residentBytes >> 20) MB, \(before.openFiles) files; \
            with 100 dead ones: \(with) (\(with / without) times), \(after.residentBytes >> 20) MB, \
            \(after.openFiles) files, \(lines) lines of log, \(idle) of a processor when idle
            """
        )
        // Loose, for two noisy processors: what it costs is measured by `make bench PART=forwarders`.
        #expect(with < without * 4 + .seconds(5))
        #expect(after.residentBytes < before.residentBytes + (128 << 20))
        #expect(after.openFiles < 2_000)
        #expect(lines < 600)
        #expect(idle < 0.5)
        #expect(server.stop() == 0)
    }
}
