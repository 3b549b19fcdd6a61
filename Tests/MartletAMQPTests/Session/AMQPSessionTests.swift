import MartletTesting
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPSessionTests {
    @Test func `what is published is delivered in order, and what is acknowledged does not come again`() async throws {
        try await BrokerCase.run { broker in
            let session = try await broker.open()
            #expect(session.server.product == "RabbitMQ")
            #expect(session.server.isRabbitMQ(atLeast: 3))
            try await session.declareExchange("events")
            try await session.declareQueue(AMQPQueue(name: "q"))
            try await session.bind(queue: "q", to: "events", pattern: "a.#")
            let bodies = (1...1_200).map { "\($0)" }
            try await broker.publish(bodies, to: "events", key: "a.b")

            let first = try await receive(1_200, from: "q", session)
            #expect(first.map { String(decoding: $0.body, as: UTF8.self) } == bodies)
            #expect(first.map(\.tag) == Array(1...1_200))
            #expect(first.allSatisfy { !$0.isRedelivered && $0.routingKey == "a.b" && $0.exchange == "events" })
            session.acknowledge(1_000)
            #expect(try await session.settle(queue: "q").messages == 0)
            await session.close()

            let second = try await broker.open()
            let again = try await receive(200, from: "q", second)
            #expect(again.map { String(decoding: $0.body, as: UTF8.self) } == Array(bodies[1_000...]))
            #expect(again.allSatisfy { $0.isRedelivered })
            await second.close()
        }
    }

    @Test func `while reading is held nothing is delivered, and all of it comes afterwards`() async throws {
        try await BrokerCase.run { broker in
            let session = try await broker.open()
            try await session.declareExchange("events")
            try await session.declareQueue(AMQPQueue(name: "q"))
            try await session.bind(queue: "q", to: "events", pattern: "#")
            let deliveries = Collected<AMQPDelivery>()
            try await session.consume("q") { deliveries.add($0) }
            session.holdReading()
            try await broker.publish((1...20).map { "\($0)" }, to: "events", key: "a")
            // A call is answered all the same, behind what the broker has sent before.
            _ = try await session.queueState("q")
            _ = try await session.settle(queue: "q")
            #expect(deliveries.count == 0)
            session.resumeReading()
            try await eventually("all of them") { deliveries.count == 20 }
            #expect(deliveries.elements.map { String(decoding: $0.body, as: UTF8.self) } == (1...20).map { "\($0)" })
            await session.close()
        }
    }

    @Test func `a connection that is reset while reading is held ends its session`() async throws {
        try await BrokerCase.run { broker in
            let proxy = try FaultProxy(target: broker.host.server.port)
            var settings = try broker.settings(port: proxy.port)
            settings.heartbeat = .seconds(60)
            let session = try await AMQPSession.open(settings, name: "test")
            session.holdReading()
            // The thread has seen it when it has answered.
            try await session.declareQueue(AMQPQueue(name: "q"))
            proxy.dropConnections()
            try await eventually("the end of the session", patience: .seconds(20)) { session.failure != nil }
            await session.close()
        }
    }

    @Test func `properties and headers come with names in lower case and values as text`() async throws {
        try await BrokerCase.run { broker in
            let session = try await broker.open()
            try await session.declareQueue(AMQPQueue(name: "q"))
            let message = AMQPPublication(
                exchange: "",
                routingKey: "q",
                body: [],
                contentType: "text/plain",
                messageID: "m1",
                headers: [
                    "cloudEvents:Id": .string("1"), "n": .integer(-5), "yes": .boolean(true),
                    "content-type": .string("forged"),
                ]
            )
            #expect(await session.publish([message, message]) == [.confirmed, .confirmed])
            let deliveries = try await receive(2, from: "q", session)
            for delivery in deliveries {
                #expect(delivery.body.isEmpty)
                #expect(
                    delivery.headers == [
                        "cloudevents:id": "1", "n": "-5", "yes": "true", "content-type": "text/plain",
                        "message-id": "m1",
                    ]
                )
            }
            await session.close()
        }
    }

    @Test func `what nobody takes is returned to the one who published it`() async throws {
        try await BrokerCase.run { broker in
            let session = try await broker.open()
            try await session.declareExchange("events")
            try await session.declareQueue(AMQPQueue(name: "q"))
            try await session.bind(queue: "q", to: "events", pattern: "wanted")
            let keys = ["wanted", "unwanted", "wanted", "unwanted"]
            let outcomes = await session.publish(
                keys.enumerated().map {
                    AMQPPublication(exchange: "events", routingKey: $1, body: [UInt8($0)], isMandatory: $0 < 3)
                }
            )
            #expect(outcomes == [.confirmed, .returned("NO_ROUTE"), .confirmed, .confirmed])
            let long = AMQPPublication(exchange: "events", routingKey: String(repeating: "x", count: 256), body: [])
            let refused = await session.publish([long])
            #expect(refused.map(\.unsent?.code) == [.precondition])
            await session.close()
        }
    }

    @Test func `publishing to an exchange that is missing loses that channel alone`() async throws {
        try await BrokerCase.run { broker in
            let notices = Collected<AMQPNotice>()
            let session = try await broker.open(observer: { notices.add($0) })
            let message = AMQPPublication(exchange: "nowhere", routingKey: "k", body: [1])
            let lost = await session.publish([message])
            #expect(lost.map(\.lost?.code) == [.missing])
            #expect(lost.first?.lost?.what.contains("nowhere") == true)
            try await session.declareQueue(AMQPQueue(name: "q"))
            let other = AMQPPublication(exchange: "", routingKey: "q", body: [1])
            #expect(await session.publish([other]) == [.confirmed])
            #expect(notices.elements.count == 1)
            await session.close()
        }
    }

    @Test func `a refused declaration disturbs no consumer`() async throws {
        try await BrokerCase.run { broker in
            let session = try await broker.open()
            try await session.declareQueue(AMQPQueue(name: "q"))
            let received = Collected<AMQPDelivery>()
            try await session.consume("q") { received.add($0) }
            let checks: [(AMQPError.Code, @Sendable () async throws(AMQPError) -> Void)] = [
                (.missing, { () async throws(AMQPError) in try await session.checkExchange("nowhere") }),
                (.missing, { () async throws(AMQPError) in _ = try await session.queueState("nobody") }),
                (
                    .inequivalent,
                    { () async throws(AMQPError) in
                        try await session.declareQueue(
                            AMQPQueue(name: "q", arguments: ["x-queue-type": .string("quorum")])
                        )
                    }
                ),
                (
                    .inequivalent,
                    { () async throws(AMQPError) in try await session.declareExchange("amq.topic", type: "fanout") }
                ),
                (
                    .accessRefused,
                    { () async throws(AMQPError) in try await session.declareQueue(AMQPQueue(name: "amq.x")) }
                ),
                (
                    .missing,
                    { () async throws(AMQPError) in try await session.bind(queue: "q", to: "nowhere", pattern: "#") }
                ),
            ]
            for (code, check) in checks {
                let error = await #expect(throws: AMQPError.self) { try await check() }
                #expect(error?.code == code, "\(String(describing: error))")
            }
            try await broker.publish(["still here"], to: "", key: "q")
            try await eventually("a delivery") { received.count == 1 }
            await session.close()
        }
    }

    @Test func `of a body that is too large the head is kept, and the next is whole`() async throws {
        try await BrokerCase.run { broker in
            var limits = AMQPLimits()
            limits.maximumBody = 1 << 20
            let session = try await broker.open(limits: limits)
            try await session.declareQueue(AMQPQueue(name: "q"))
            let sizes = [1 << 20, 1 << 20 + 1, 100 << 20, 200_000, 1]
            for size in sizes {
                let message = AMQPPublication(
                    exchange: "",
                    routingKey: "q",
                    body: [UInt8](repeating: 0x20, count: size),
                    isPersistent: false
                )
                #expect(await session.publish([message]) == [.confirmed])
            }
            let deliveries = try await receive(sizes.count, from: "q", session)
            #expect(deliveries.map(\.size) == sizes.map(UInt64.init))
            #expect(deliveries.map(\.isCut) == [false, true, true, false, false])
            #expect(deliveries.map(\.body.count) == [1 << 20, limits.keptHead, limits.keptHead, 200_000, 1])
            await session.close()
        }
    }

    @Test func `a broker that owes all the confirmations it may is left for another connection`() async throws {
        try await BrokerCase.run { broker in
            let proxy = try FaultProxy(target: broker.host.server.port)
            var limits = AMQPLimits()
            limits.maximumUnconfirmed = 2
            var settings = try broker.settings(port: proxy.port)
            settings.heartbeat = .seconds(60)
            let session = try await AMQPSession.open(settings, name: "test", limits: limits)
            let message = AMQPPublication(exchange: "", routingKey: "nobody", body: [1])
            #expect(await session.publish([message]) == [.confirmed])
            proxy.freeze(.toClient)
            let first = await session.publish([message], timeout: .milliseconds(100))
            #expect(first.map(\.lost?.code) == [.timedOut])
            #expect(session.failure == nil)
            let second = await session.publish([message, message], timeout: .milliseconds(100))
            #expect(second.first?.lost?.code == .timedOut)
            #expect(second.last?.unsent?.code == .timedOut)
            try await eventually("the end of the session") { session.failure?.code == .timedOut }
        }
    }

    @Test func `a consumer whose queue is deleted is told, and the session goes on`() async throws {
        try await BrokerCase.run { broker in
            let notices = Collected<AMQPNotice>()
            let session = try await broker.open(observer: { notices.add($0) })
            try await session.declareQueue(AMQPQueue(name: "q"))
            let tag = try await session.consume("q") { _ in }
            try await broker.host.deleteQueue("q")
            try await eventually("a notice") { notices.elements == [.consumerEnded(tag)] }
            try await session.declareQueue(AMQPQueue(name: "q"))
            await session.close()
            #expect(notices.elements.last == .ended(.closed(at: session.place)))
            let error = await #expect(throws: AMQPError.self) { try await session.queueState("q") }
            #expect(error?.code == .closed)
            let message = AMQPPublication(exchange: "", routingKey: "q", body: [])
            #expect(await session.publish([message]) == [.unsent(.closed(at: session.place))])
        }
    }

    @Test func `a cancelled consumer is delivered nothing more, and a closed session ends in order`() async throws {
        try await BrokerCase.run { broker in
            let session = try await broker.open()
            try await session.declareQueue(AMQPQueue(name: "q"))
            try await session.limitPrefetch(to: 10)
            let received = Collected<AMQPDelivery>()
            let tag = try await session.consume("q") { received.add($0) }
            try await broker.publish((1...20).map(String.init), to: "", key: "q")
            try await eventually("the prefetch") { received.count == 10 }
            try await session.cancelConsumer(tag)
            #expect(try await session.settle(queue: "q").consumers == 0)
            #expect(received.count == 10)
            await session.close()
            let next = try await broker.open()
            try await eventually("all are back") { try await next.queueState("q").messages == 20 }
            await next.close()
        }
    }

    private func receive(_ count: Int, from queue: String, _ session: AMQPSession) async throws -> [AMQPDelivery] {
        let received = Collected<AMQPDelivery>()
        try await session.consume(queue) { received.add($0) }
        try await eventually("\(count) deliveries") { received.count >= count }
        return received.elements
    }
}
