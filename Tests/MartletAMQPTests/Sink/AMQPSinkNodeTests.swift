import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

/// What needs a node of its own: it is restarted, short of memory, or takes small messages only.
@Suite(
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)")
)
struct AMQPSinkNodeTests {
    @Test func `a message larger than the broker takes is rejected, and nothing else`() async throws {
        let options = RabbitMQNode.Options(configuration: ["max_message_size = 1000"])
        let server = try await RabbitMQServer.start(options)
        try await AMQPOutlet.with(server) { outlet in
            let sink = try outlet.sink()
            var batch = OutgoingBatch.events("a", "b", "c")
            batch.events[1].body = Array(#"{"id":"\#(String(repeating: "b", count: 1_000))"}"#.utf8)
            var left = batch.events
            var rejected = 0
            try await eventually("everything is concluded") {
                for outcome in await sink.send(OutgoingBatch(id: "batch", events: left)).outcomes {
                    switch outcome {
                    case .delivered: left.removeFirst()
                    case .reject(let reason):
                        #expect(reason.contains("1000"))
                        rejected += 1
                        left.removeFirst()
                    default: break
                    }
                }
                return left.isEmpty
            }
            #expect(rejected == 1)
            #expect(try await Set(outlet.ids()) == ["a", "c"])
            #expect(await sink.send(.events("d", "e")).isDelivered)
            try await bothHalves(of: sink)
            await sink.close()
        }
        await server.kill()
    }

    /// Of two batches on their way at once, the one that holds nothing wrong is delivered as a whole.
    private func bothHalves(of sink: AMQPSink) async throws {
        #expect(sink.delivery.concurrency == 2)
        var culprit = OutgoingBatch.events("f", "g", "h")
        culprit.events[1].body = Array(#"{"id":"\#(String(repeating: "g", count: 1_000))"}"#.utf8)
        let batches = [culprit, .events("i", "j", "k"), .events("l")]
        let rejected = try await withThrowingTaskGroup(of: [String].self) { group in
            for batch in batches {
                group.addTask {
                    var left = batch.events
                    var rejected: [String] = []
                    try await eventually("everything is concluded") {
                        for outcome in await sink.send(OutgoingBatch(id: "batch", events: left)).outcomes {
                            switch outcome {
                            case .delivered: left.removeFirst()
                            case .reject: rejected.append(left.removeFirst().event.id)
                            default: break
                            }
                        }
                        return left.isEmpty
                    }
                    return rejected
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(rejected == ["g"])
    }

    @Test func `a broker short of memory makes the sink wait, and one that has restarted is used again`() async throws {
        let server = try await RabbitMQServer.start()
        let host = RabbitMQVirtualHost(server: server, name: "kept")
        try await host.create()
        try await host.makeExchange("events")
        try await host.makeQueue("all")
        try await host.bind("all", to: "events")
        let outlet = AMQPOutlet(host: host)
        let sink = try outlet.sink(["timeout": .duration(.seconds(2))])
        #expect(await sink.send(.events("a")).isDelivered)

        try await server.withMemoryAlarm {
            try await eventually("the broker blocks publishers") {
                let answer = await sink.send(.events("b")).outcomes.first
                return answer?.name == "unavailable" && answer?.reason?.contains("memory") == true
            }
        }
        try await eventually("the broker takes messages again") { await sink.send(.events("b")).isDelivered }

        try await server.restart()
        try await eventually("the sink has found the broker again") { await sink.send(.events("c")).isDelivered }
        #expect(try await Set(outlet.ids()) == ["a", "b", "c"])
        await sink.close()
        await server.kill()
    }
}
