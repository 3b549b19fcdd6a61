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
                link: link,
                counters: BusCounters()
            )
            try await subscription.attach(to: link.ready())
            subscription.consumerEnded(nil)
            subscription.end()
            try await subscription.removeQueue()
            #expect(try await broker.host.queueNames().isEmpty)
            await link.close()
        }
    }

    @Test func `what came over a channel that the broker has closed is not acknowledged on the next`() async throws {
        try await BrokerCase.run { broker in
            let closures = Collected<AMQPError>()
            let observer: @Sendable (AMQPNotice) -> Void = { notice in
                if case .channelClosed(let error) = notice { closures.add(error) }
            }
            let link = AMQPLink(try broker.settings(), name: "test", observer: observer) { session throws(AMQPError) in
                try await session.declareExchange("events")
            }
            let session = try await link.ready()
            let subscription = BusSubscription(
                id: EventSubscription.ID(rawValue: 1),
                patterns: [try TopicPattern("#")],
                options: SubscriptionOptions(capacity: 1, overflow: .wait),
                queue: "billing",
                exchange: "events",
                link: link,
                counters: BusCounters()
            )
            try await subscription.attach(to: session)
            let publisher = try await broker.open()
            let messages = ["1", "2", "3"].map { BusMessage.publication(of: .sample($0, "a.b"), to: "events") }
            #expect(await publisher.publish(messages) == [.confirmed, .confirmed, .confirmed])
            try await eventually("the first is here") { try await publisher.queueState("billing").messages == 2 }
            // The broker closes the channel for it.
            _ = await session.publish([AMQPPublication(exchange: "nowhere", routingKey: "", body: [])])
            try await eventually("a notice") { closures.count == 1 }
            subscription.consumerEnded(nil)
            try await subscription.attach(to: session)
            var ids: Set<String> = []
            try await withThrowingTaskGroup { group in
                group.addTask { await subscription.pump() }
                for try await event in subscription.sequence {
                    ids.insert(event.id)
                    if ids.count == 3 { break }
                }
                try await eventually("all are acknowledged") {
                    try await publisher.queueState("billing").messages == 0
                }
                subscription.end()
            }
            #expect(closures.elements.map(\.code) == [.missing])
            let error = await #expect(throws: AMQPError.self) { try await session.settle(queue: "billing") }
            #expect(error?.code == .lost)
            await link.close()
            await publisher.close()
        }
    }
}
