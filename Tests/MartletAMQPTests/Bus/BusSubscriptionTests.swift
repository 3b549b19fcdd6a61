import Martlet
import MartletTesting
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct BusSubscriptionTests {
    @Test func `a named queue is removed though the broker has ended its consumer a moment ago`() async throws {
        try await BrokerCase.run { broker in
            let link = AMQPLink(try broker.settings(), name: "test") { session throws(AMQPError) in
                try await session.declareExchange("events")
            }
            let subscription = BusSubscription(
                id: EventSubscription.ID(rawValue: 1),
                patterns: [try TopicPattern("#")],
                options: SubscriptionOptions(),
                queue: "billing",
                exchange: "events",
                counters: BusCounters()
            )
            try await subscription.attach(to: link.ready())
            subscription.consumerEnded(nil)
            subscription.end()
            try await subscription.removeQueue(link)
            #expect(try await broker.host.queueNames().isEmpty)
            await link.close()
        }
    }
}
