import Foundation
import MartletJSON
import MartletTesting
import Synchronization
import Testing

/// Promise 1: nothing acknowledged is lost.
@Suite struct CrashTests {
    /// The ids of the events that were acknowledged.
    private final class Acknowledged: Sendable {
        private let ids = Mutex<Set<String>>([])

        /// How many there are now.
        func add(_ new: [String]) -> Int {
            ids.withLock { ids in
                ids.formUnion(new)
                return ids.count
            }
        }

        var all: Set<String> { ids.withLock { $0 } }
    }

    @Test func `nothing acknowledged is missing after kill -9 under load`() async throws {
        let directory = try ScratchDirectory.make()
        let receiver = try await Receiver()
        let configuration = """
            sources:
              events: { http: {}, format: cloudevents }
            forwarders:
              all: { webhook: { url: "\(receiver.url)" }, body: event, start: earliest }
            """
        let acknowledged = Acknowledged()
        for round in 0..<3 {
            let server = try await Server(in: directory, configuration: configuration)
            await withTaskGroup { group in
                for client in 0..<4 {
                    group.addTask {
                        var batch = 0
                        // Until the connection breaks, which is what the test is about.
                        while let answer = try? await server.post("/v1/events", Self.batch(round, client, batch)),
                            answer.status == 202
                        {
                            let count = acknowledged.add((0..<10).map { "\(round)-\(client)-\(batch)-\($0)" })
                            batch += 1
                            // The others are in the middle of theirs.
                            if count >= (round + 1) * 300 { server.sendKill() }
                        }
                    }
                }
            }
            server.kill9()
        }
        let server = try await Server(in: directory, configuration: configuration)
        let events = try await server.allEvents()
        let stored = events.compactMap { $0["id"]?.string }
        #expect(acknowledged.all.count >= 900)
        #expect(acknowledged.all.subtracting(stored).isEmpty, "Every acknowledged event is there.")
        #expect(Set(stored).count == stored.count, "None is there twice.")
        let positions = events.compactMap { $0["position"]?.string }.compactMap { Int($0) }
        #expect(positions == Array(1...positions.count), "Positions have no holes.")
        try await eventually("every event is delivered and the numbers add up") {
            let forwarder = try await server.forwarder("all")
            let numbers = ["delivered", "filtered", "dead", "skipped", "pending"].compactMap { forwarder[$0]?.integer }
            return forwarder["pending"]?.integer == 0 && forwarder["committed"]?.integer == Int64(stored.count)
                && numbers.reduce(0, +) == Int64(stored.count)
        }
        let received = Set(receiver.requests.compactMap { try? JSONDocument(parsing: $0.body).root["id"]?.string })
        #expect(Set(stored).subtracting(received).isEmpty, "Every stored event reached the webhook.")
        try expectOrder(receiver.requests)
        #expect(server.stop() == 0)
    }

    private static func batch(_ round: Int, _ client: Int, _ batch: Int) -> String {
        let events = (0..<10).map { number in
            """
            {"specversion":"1.0","id":"\(round)-\(client)-\(batch)-\(number)","source":"/load","type":"load",\
            "subject":"VirtualMachine/\(client)","data":{"padding":"\(String(repeating: "x", count: 400))"}}
            """
        }
        return "[\(events.joined(separator: ","))]"
    }

    /// Promise 6, repetitions disregarded: the first arrivals of each resource's events rise in position.
    private func expectOrder(_ requests: [Receiver.Request]) throws {
        var highest: [String: Int] = [:]
        var seen: Set<Int> = []
        for request in requests {
            let event = try JSONDocument(parsing: request.body).root
            let position = try #require(event["position"]?.string.flatMap { Int($0) })
            let subject = try #require(event["subject"]?.string)
            guard seen.insert(position).inserted else { continue }
            #expect(position > highest[subject, default: 0], "Swapped within \(subject).")
            highest[subject] = position
        }
    }
}
