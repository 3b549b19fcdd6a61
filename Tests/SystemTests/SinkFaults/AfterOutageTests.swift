import Foundation
import MartletJSON
import MartletTesting
import Synchronization
import Testing

/// The real binary and a receiver that was away: with `after-outage: latest` it gets what is current, and nothing else.
@Suite(.timeLimit(.minutes(5))) struct AfterOutageTests {
    /// A receiver that answers 503 until it is told otherwise, and what it has taken.
    private final class Destination: Sendable {
        struct Taken: Sendable {
            var number: Int
            var isMarked: Bool
        }

        private struct State {
            var isAway = true
            var taken: [Taken] = []
        }

        private let state: Mutex<State>
        let receiver: Receiver

        init() async throws {
            state = Mutex(State())
            receiver = try await Receiver()
            receiver.answer { [weak self] request, _ in self?.take(request) ?? Receiver.Answer(status: 503) }
        }

        var taken: [Taken] { state.withLock { $0.taken } }

        func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }

        private func take(_ request: Receiver.Request) -> Receiver.Answer {
            state.withLock { state in
                guard !state.isAway, let event = try? JSONDocument(parsing: request.body).root,
                    let number = event["data"]?["n"]?.integer
                else { return Receiver.Answer(status: 503) }
                state.taken.append(Taken(number: Int(number), isMarked: event["resync"]?.boolean == true))
                return .ok
            }
        }
    }

    private static func configuration(_ destination: Destination, choice: String = "latest") -> String {
        """
          \(choice):
            match: [{ topic: "#", type: t }]
            webhook: { url: "\(destination.receiver.url)" }
            body: event
            after-outage: \(choice)\(choice == "latest" ? "\n    outage: 1s" : "")
            retry: { initial-delay: 100ms, max-delay: 400ms, jitter: none }
        """
    }

    private static func post(_ numbers: Range<Int>, resources: Int, to server: Server) async throws {
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 500) {
            let events = (start..<min(start + 500, numbers.upperBound)).map { number in
                #"{"specversion":"1.0","id":"\#(number)","source":"/t","type":"t","#
                    + #""subject":"VirtualMachine/\#(number % resources)","data":{"n":\#(number)}}"#
            }
            let answer = try await server.post("/v1/events", "[\(events.joined(separator: ","))]")
            try #require(answer.status == 202, "\(answer.text)")
        }
    }

    private static func waitForStretch(_ server: Server) async throws {
        try await eventually("a stretch of which only the last events are sent") {
            try await server.forwarder("latest")["resynchronisation"]?["through"]?.string != nil
        }
    }

    @Test func `each resource's latest comes once, marked and in order, and the skipped are counted and told`()
        async throws
    {
        let (latest, replay) = (try await Destination(), try await Destination())
        let server = try await Server(
            configuration: """
                forwarders:
                \(Self.configuration(latest))
                \(Self.configuration(replay, choice: "replay"))
                """
        )
        try await Self.post(0..<3_000, resources: 30, to: server)
        try await Self.waitForStretch(server)
        // What comes while it is still away counts too.
        try await Self.post(3_000..<3_300, resources: 30, to: server)
        try await eventually("the stretch goes to the end of the log") {
            try await server.forwarder("latest")["resynchronisation"]?["through"]?.string == "3300"
        }
        let table = try await Command.martlet("forwarders", "list", on: server)
        #expect(table.output.contains("only the last event of each resource"), "\(table)")
        for destination in [latest, replay] { destination.setAway(false) }
        try await eventually("all is delivered or skipped") {
            let forwarders = try await [server.forwarder("latest"), server.forwarder("replay")]
            return forwarders.allSatisfy { $0["pending"]?.integer == 0 }
        }
        #expect(Set(latest.taken.map(\.number)) == Set(3_270..<3_300))
        #expect(latest.taken.count == 30)
        #expect(latest.taken.allSatisfy { $0.isMarked })
        #expect(replay.taken.count == 3_300)
        #expect(replay.taken.allSatisfy { !$0.isMarked })

        let forwarder = try await server.forwarder("latest")
        #expect(forwarder["delivered"]?.integer == 30)
        #expect(forwarder["skipped"]?.integer == 3_270)
        #expect(forwarder["dead"]?.integer == 0)
        #expect(forwarder["resynchronisation"]?.isNull == true)
        #expect(try await server.forwarder("replay")["skipped"]?.integer == 0)
        let metrics = try await server.get("/metrics").text
        #expect(metrics.contains("martlet_forwarder_skipped_events_total{forwarder=\"latest\"} 3270"), "\(metrics)")
        let alerts = try await server.get("/v1/events?type=martlet.forwarder.resynchronised").json["events"]
        let details = alerts?[0]?["data"]?["details"]
        #expect(details?["count"]?.string == "3270")
        #expect(details?["from"]?.string == "1" && details?["through"]?.string == "3300")

        // From now on one by one again.
        try await Self.post(3_300..<3_330, resources: 3, to: server)
        try await eventually("the new ones are delivered") { latest.taken.count == 60 }
        #expect(latest.taken.suffix(30).allSatisfy { !$0.isMarked })
        #expect(server.stop() == 0)
    }

    @Test func `killed in the middle of it, it goes on with what is current`() async throws {
        let destination = try await Destination()
        let configuration = "forwarders:\n" + Self.configuration(destination)
        let (total, resources) = (20_000, 4_000)
        var server = try await Server(configuration: configuration)
        try await Self.post(0..<total, resources: resources, to: server)
        try await Self.waitForStretch(server)
        destination.setAway(false)
        try await eventually("it is in the middle") { destination.taken.count > 500 }
        server.kill9()
        let before = destination.taken.count
        try #require(before < resources, "It was over before it could be killed.")
        server = try await Server(in: server.directory, configuration: configuration)
        try await eventually("all is delivered or skipped") {
            try await server.forwarder("latest")["pending"]?.integer == 0
        }
        let taken = destination.taken
        #expect(taken.allSatisfy { $0.isMarked })
        #expect(Set(taken.map(\.number)) == Set((total - resources)..<total), "The last event of each, and no other.")
        let forwarder = try await server.forwarder("latest")
        #expect(forwarder["delivered"]?.integer == Int64(resources))
        #expect(forwarder["skipped"]?.integer == Int64(total - resources))
        print("killed after \(before) of \(resources); \(taken.count - resources) came twice")
        #expect(server.stop() == 0)
    }
}
