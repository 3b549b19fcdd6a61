import Foundation
import MartletJSON
import MartletTesting
import Synchronization
import Testing

/// A store, its producers and its destinations, through many lives of the server, each ended by `kill -9`.
///
/// Events come over HTTP from several clients and from a file, and go to a webhook, which now and then is not there and will
/// have nothing of some events, and into a file.
final class CrashEpisode: Sendable {
    private static let clients = 4

    private let directory: URL
    private let load: CrashLoad
    private let receiver: Receiver
    private let configuration: String
    /// At which request of this life the webhook's receiver has the server killed.
    private let trigger: CrashTrigger
    private let lives = Mutex(0)

    init(name: String) async throws {
        directory = try ScratchDirectory.make()
        load = try CrashLoad(name: name, file: directory.appending(path: "in.jsonl"))
        let trigger = CrashTrigger()
        self.trigger = trigger
        receiver = try await Receiver { request, number in
            trigger.requestArrived()
            return CrashEpisode.answer(request, number)
        }
        configuration = """
            sources:
              events: { http: {}, format: cloudevents }
              lines: { file: { path: "\(directory.path)/in.jsonl", poll-interval: 20ms }, format: cloudevents }
            forwarders:
              hook:
                webhook: { url: "\(receiver.url)" }
                match: ["*.*.wanted.#"]
                body: event
                start: earliest
                retry: { attempts: 100, initial-delay: 5ms, max-delay: 50ms, jitter: none }
              archive: { file: { path: "\(directory.path)/out.jsonl", keep: 1000 }, body: event, start: earliest }
            """
    }

    /// What the webhook will never take.
    private static func isRejected(_ id: String) -> Bool { id.hasSuffix("7-1") }

    /// Now and then the destination is not there; which request that is, differs from life to life.
    private static func answer(_ request: Receiver.Request, _ number: Int) -> Receiver.Answer {
        if let id = try? JSONDocument(parsing: request.body).root["id"]?.string, isRejected(id) {
            return Receiver.Answer(status: 400)
        }
        return switch number % 23 {
        case 5: Receiver.Answer(status: 500)
        case 11: Receiver.Answer(status: 503)
        default: .ok
        }
    }
}

// MARK: - Lives

extension CrashEpisode {
    /// One life: started, put under load, killed at a moment that the generator draws. Returns how long it took to start.
    func live(_ random: inout SeededGenerator) async throws -> Duration {
        let clock = ContinuousClock()
        let began = clock.now
        load.beginLife()
        let server = try await Server(in: directory, configuration: configuration)
        let start = clock.now - began
        lives.withLock { $0 += 1 }
        // One life in ten ends as soon as it accepts; the others in the middle of an answer to a client, or of a delivery.
        let moment = Int.random(in: 0..<10, using: &random)
        let count = Int.random(in: 1..<200, using: &random)
        trigger.arm(moment % 2 == 0 ? nil : count) { server.sendKill() }
        if moment == 0 { server.sendKill() }
        try load.write(Int.random(in: 0..<40, using: &random))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<CrashEpisode.clients {
                group.addTask { [load] in
                    try await load.send(as: client, to: server) { acknowledged in
                        // However few deliveries there are, a life ends.
                        if acknowledged >= (moment % 2 == 0 ? count : 1_000) { server.sendKill() }
                    }
                }
            }
            try await group.waitForAll()
        }
        server.kill9()
        trigger.arm(nil) {}
        return start
    }
}

// MARK: - What is left

extension CrashEpisode {
    /// A last life, in which everything is delivered; then what was sent, stored and received is compared.
    ///
    /// - Returns: how many events there were.
    func finish() async throws -> Int {
        let server = try await Server(in: directory, configuration: configuration)
        let lines = Set(load.lines)
        try await eventually("the file is read to its end, and all is delivered", patience: .seconds(120)) {
            guard try await server.source("lines")["accepted"]?.integer != nil else { return false }
            for name in ["hook", "archive"] {
                if try await server.forwarder(name)["pending"]?.integer != 0 { return false }
            }
            return try await server.allEvents().count { lines.contains($0["id"]?.string ?? "") } == lines.count
        }
        let log = try await server.allEvents().map { try CrashEvent($0) }
        try checkLog(log)
        try await checkHook(log, server)
        try await checkArchive(log, server)
        try #require(server.stop() == 0)
        // Where something was wrong it stays, to be looked at.
        try FileManager.default.removeItem(at: directory)
        return log.count
    }

    private func checkLog(_ log: [CrashEvent]) throws {
        let ids = Set(log.map(\.id))
        try #require(load.acknowledged.subtracting(ids).isEmpty, "Nothing acknowledged is missing.")
        try #require(Set(load.lines).subtracting(ids).isEmpty, "No line of the file is missing.")
        try #require(ids.count == log.count, "None is there twice.")
        try #require(log.map(\.position) == Array(1...max(1, log.count)), "Positions have no holes.")
        try #require(log.count >= load.acknowledged.count, "\(load.acknowledged.count) were acknowledged.")
    }

    private func checkHook(_ log: [CrashEvent], _ server: Server) async throws {
        let wanted = log.filter { $0.type == "wanted" }
        let rejected = Set(wanted.map(\.id).filter { CrashEpisode.isRejected($0) })
        let received = try receiver.requests.map { try CrashEvent(JSONDocument(parsing: $0.body).root) }
        try checkOrder(received)
        try #require(Set(wanted.map(\.id)) == Set(received.map(\.id)), "Exactly what is wanted has come.")
        let hook = try await server.forwarder("hook")
        try #require(hook["committed"]?.integer == Int64(log.count))
        try #require(hook["filtered"]?.integer == Int64(log.count - wanted.count))
        try #require(hook["dead"]?.integer == Int64(rejected.count))
        try #require(hook["delivered"]?.integer == Int64(wanted.count - rejected.count))
        try #require(hook["skipped"]?.integer == 0)
        let letters = try await server.get("/v1/dead-letters?forwarder=hook&limit=1000").json["deadletters"]
        let dead = letters?.elements.compactMap { $0["event"]?["id"]?.string } ?? []
        try #require(Set(dead) == rejected && dead.count == rejected.count, "Each is dead once.")
    }

    private func checkArchive(_ log: [CrashEvent], _ server: Server) async throws {
        let text = try String(contentsOf: directory.appending(path: "out.jsonl"), encoding: .utf8)
        // A line that is no JSON, as a torn one, throws.
        let written = try text.split(separator: "\n").map { line in
            try CrashEvent(JSONDocument(parsing: Array(line.utf8)).root)
        }
        try checkOrder(written)
        try #require(Set(written.map(\.id)) == Set(log.map(\.id)), "Every event is in the file.")
        let archive = try await server.forwarder("archive")
        try #require(archive["delivered"]?.integer == Int64(log.count))
        try #require(archive["committed"]?.integer == Int64(log.count))
    }

    /// Promise 6, repetitions disregarded: the first arrivals of each resource's events rise in position.
    private func checkOrder(_ events: [CrashEvent]) throws {
        var highest: [String: Int] = [:]
        var seen: Set<Int> = []
        for event in events where seen.insert(event.position).inserted {
            try #require(event.position > highest[event.subject, default: 0], "Swapped within \(event.subject).")
            highest[event.subject] = event.position
        }
    }
}
