import HTTPTypes
import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import ServiceLifecycle
import Testing

@testable import MartletHTTP

struct DeliveryTests {
    private static func makeDeadLetters(_ count: Int, _ api: APIHarness) async throws {
        let events = (1...count).map { APIHarness.event("\($0)", vm: "vm-\($0)") }
        _ = try await api.send(.post, "/v1/sources/prod", "[\(events.joined(separator: ","))]")
        try await api.waitForDeadLetters(count)
    }

    @Test func `the numbers of a forwarder add up`() async throws {
        try await APIHarness.run { api in
            try await DeliveryTests.makeDeadLetters(3, api)
            let one = try await api.send(.get, "/v1/forwarders/noc").json
            func number(_ name: String) -> Int64? { one[name]?.integer }
            #expect(number("committed") == 3)
            #expect(number("dead") == 3)
            #expect(number("pending") == 0)
            #expect(one["state"]?.string == "running")
            #expect(one["pause"]?.isNull == true)
            #expect(one["cursor"]?.string == "3")
            let all = try await api.send(.get, "/v1/forwarders").json
            #expect(all["forwarders"]?.count == 1)
        }
    }

    @Test func `a pause is on disk before it is answered, and ends when it is told to`() async throws {
        try await APIHarness.run { api in
            let paused = try await api.send(.post, "/v1/forwarders/noc/pause").json
            #expect(paused["state"]?.string == "paused")
            #expect(paused["pause"]?["cause"]?.string == "requested")
            #expect(try await api.store.forwarderStatuses().first?.pause != nil)
            let resumed = try await api.send(.post, "/v1/forwarders/noc/resume").json
            #expect(resumed["state"]?.string == "running")
            #expect(try await api.store.forwarderStatuses().first?.pause == nil)
        }
    }

    @Test(arguments: [
        ("GET", ""), ("POST", "/pause"), ("POST", "/resume"), ("POST", "/redeliver"), ("POST", "/discard"),
    ])
    func `a forwarder that is not there is unknown`(_ method: String, _ suffix: String) async throws {
        try await APIHarness.run { api in
            let method = try #require(HTTPRequest.Method(method))
            let answer = try await api.send(method, "/v1/forwarders/none\(suffix)", #"{"all":true}"#)
            #expect(try answer.problemCode == "unknown-forwarder")
        }
    }

    @Test func `dead letters are listed in pages and shown with their event`() async throws {
        try await APIHarness.run { api in
            try await DeliveryTests.makeDeadLetters(3, api)
            let first = try await api.send(.get, "/v1/dead-letters?limit=2").json
            #expect(first["deadletters"]?.count == 2)
            let next = try #require(first["next"]?.string)
            let second = try await api.send(.get, "/v1/dead-letters?forwarder=noc&after=\(next)").json
            #expect(second["deadletters"]?.count == 1)
            #expect(second["next"]?.isNull == true)
            let letter = try #require(second["deadletters"]?[0])
            #expect(letter["reason"]?.string == "not wanted")
            #expect(letter["event"]?["specversion"]?.string == "1.0")
            let id = try #require(letter["id"]?.string)
            #expect(try await api.send(.get, "/v1/dead-letters/\(id)").json["id"]?.string == id)
            #expect(try await api.send(.get, "/v1/dead-letters/999").problemCode == "unknown-dead-letter")
            #expect(try await api.send(.get, "/v1/dead-letters?forwarder=none").problemCode == "unknown-forwarder")
        }
    }

    @Test func `dead letters are discarded by id, each once`() async throws {
        try await APIHarness.run { api in
            try await DeliveryTests.makeDeadLetters(3, api)
            let ids = try await api.store.deadLetters(forwarder: "noc", after: 0, limit: 10).map(\.id)
            let body = #"{"ids":["\#(ids[0])","\#(ids[0])","\#(ids[2])"]}"#
            let answer = try await api.send(.post, "/v1/forwarders/noc/discard", body)
            #expect(answer.text == #"{"discarded":2}"#)
            let one = try await api.send(.get, "/v1/forwarders/noc").json
            #expect(one["dead"]?.integer == 1)
            #expect(one["skipped"]?.integer == 2)
        }
    }

    @Test func `an unknown dead letter among others does nothing to any`() async throws {
        try await APIHarness.run { api in
            try await DeliveryTests.makeDeadLetters(1, api)
            let id = try #require(try await api.store.deadLetters(forwarder: nil, after: 0, limit: 1).first).id
            let answer = try await api.send(.post, "/v1/forwarders/noc/discard", #"{"ids":["\#(id)","999"]}"#)
            #expect(try answer.problemCode == "unknown-dead-letter")
            #expect(try await api.store.deadLetters(forwarder: nil, after: 0, limit: 9).count == 1)
        }
    }

    /// The destination rejects them all again, while they are still being brought back.
    @Test(.timeLimit(.minutes(1))) func `bringing all back ends with those that were there, though they die again`()
        async throws
    {
        try await APIHarness.run { api in
            try await DeliveryTests.makeDeadLetters(600, api)
            let answer = try await api.send(.post, "/v1/forwarders/noc/redeliver", #"{"all":true}"#)
            #expect(answer.text == #"{"redelivered":600}"#)
            try await api.waitForDeadLetters(600)
        }
    }

    @Test func `a server that stops brings no more back, and says how far it came`() async throws {
        try await APIHarness.run { api in
            try await DeliveryTests.makeDeadLetters(3, api)
            let (answers, continuation) = AsyncStream<String?>.makeStream()
            let service = StoppingService {
                let answer = try await api.send(.post, "/v1/forwarders/noc/redeliver", #"{"all":true}"#)
                continuation.yield(try answer.problemCode)
                continuation.finish()
            }
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let group = ServiceGroup(services: [service], logger: logger)
            await group.triggerGracefulShutdown()
            try await group.run()
            #expect(await answers.first { _ in true } == "stopping")
            #expect(try await api.store.deadLetters(forwarder: nil, after: 0, limit: 9).count == 3)
        }
    }

    @Test func `all dead letters of a forwarder are brought back`() async throws {
        try await APIHarness.run { api in
            try await DeliveryTests.makeDeadLetters(3, api)
            let before = try await api.store.deadLetters(forwarder: nil, after: 0, limit: 9).map(\.id)
            // A paused forwarder tries nothing, so that they stay pending.
            _ = try await api.send(.post, "/v1/forwarders/noc/pause")
            let answer = try await api.send(.post, "/v1/forwarders/noc/redeliver", #"{"all":true}"#)
            #expect(answer.text == #"{"redelivered":3}"#)
            #expect(try await api.store.deadLetters(forwarder: nil, after: 0, limit: 9).isEmpty)
            #expect(try await api.send(.get, "/v1/forwarders/noc").json["pending"]?.integer == 3)
            _ = try await api.send(.post, "/v1/forwarders/noc/resume")
            try await api.waitForDeadLetters(3)
            let after = try await api.store.deadLetters(forwarder: nil, after: 0, limit: 9).map(\.id)
            #expect(Set(before).isDisjoint(with: after))
        }
    }
}

/// Does its work when it has been told to stop.
private struct StoppingService: Service {
    let body: @Sendable () async throws -> Void

    func run() async throws {
        try await gracefulShutdown()
        try await body()
    }
}
