import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

/// A node of its own, because it is made short of memory.
@Suite(
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)")
)
struct AMQPBlockedBrokerTests {
    @Test func `a broker that blocks publishers is told at once, each time, in the same words`() async throws {
        let server = try await RabbitMQServer.start()
        try await AMQPOutlet.with(server) { outlet in
            let sink = try outlet.sink([
                "timeout": .duration(.seconds(120)), "connect-timeout": .duration(.seconds(60)),
            ])
            #expect(await sink.send(.events("a")).isDelivered)
            try await server.withMemoryAlarm {
                for _ in 1...3 {
                    let start = ContinuousClock.now
                    let answer = await sink.send(.events("b")).outcomes.first
                    #expect(answer?.name == "unavailable")
                    #expect(answer?.reason?.contains("takes no messages") == true, "\(String(describing: answer))")
                    #expect(ContinuousClock.now - start < .seconds(30))
                }
            }
            try await eventually("the broker takes messages again") { await sink.send(.events("c")).isDelivered }
            #expect(try await Set(outlet.ids()) == ["a", "b", "c"])
            await sink.close()
        }
        await server.kill()
    }

    @Test func `a write that a blocked broker does not read ends all the same`() async throws {
        let server = try await RabbitMQServer.start()
        try await AMQPOutlet.with(server) { outlet in
            let sink = try outlet.sink(["timeout": .duration(.seconds(1))])
            #expect(await sink.send(.events("a")).isDelivered)
            // More than all buffers on the way take.
            var large = OutgoingBatch.events("b")
            large.events[0].body = [UInt8](repeating: 0x20, count: 64 << 20)
            try await server.withMemoryAlarm {
                let start = ContinuousClock.now
                let answer = await sink.send(large).outcomes.first
                #expect(answer?.name == "unavailable")
                #expect(answer?.reason?.contains("does not read") == true, "\(String(describing: answer))")
                #expect(ContinuousClock.now - start < .seconds(60))
            }
            try await eventually("the broker takes messages again") { await sink.send(.events("c")).isDelivered }
            await sink.close()
        }
        await server.kill()
    }
}
