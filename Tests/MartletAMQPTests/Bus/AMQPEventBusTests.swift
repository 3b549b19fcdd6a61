import Martlet
import MartletJSON
import MartletTesting
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPEventBusTests {
    @Test(arguments: EventBusConformance.Clause.all)
    func `RabbitMQ is a bus`(_ clause: EventBusConformance.Clause) async throws {
        let conformance = EventBusConformance(features: []) { body in
            try await RabbitMQServer.shared.withVirtualHost { host in
                try await withAMQPEventBus(url: host.url) { bus in try await body(bus) }
            }
        }
        try await conformance.run(clause)
    }

    @Test func `unsubscribing removes the queue, a named one too`() async throws {
        try await withBus { bus, host in
            let nameless = try await bus.subscribe(to: [TopicPattern("#")])
            let named = try await bus.subscribe(to: [TopicPattern("#")], queue: "billing")
            #expect(try await host.queueNames().count == 2)
            try await bus.unsubscribe(nameless.id)
            #expect(try await host.queueNames() == ["billing"])
            try await bus.unsubscribe(named.id)
            #expect(try await host.queueNames().isEmpty)
        }
    }

    @Test func `a named queue keeps what is published while nobody reads`() async throws {
        try await withBus { bus, host in
            try await withAMQPEventBus(url: host.url) { reader in
                let subscription = try await reader.subscribe(to: [TopicPattern("a.#")], queue: "billing")
                try await bus.publish(.sample("1", "a.b"))
                #expect(try await ids(subscription, through: "1") == ["1"])
            }
            for id in ["2", "3"] { try await bus.publish(.sample(id, "a.b")) }
            try await withAMQPEventBus(url: host.url) { reader in
                let subscription = try await reader.subscribe(to: [TopicPattern("a.#")], queue: "billing")
                #expect(try await ids(subscription, through: "3").suffix(2) == ["2", "3"])
            }
        }
    }

    @Test func `what a reader had not read when its connection broke is delivered again, in order`() async throws {
        let server = try await RabbitMQServer.shared
        try await server.withVirtualHost { host in
            let proxy = try FaultProxy(target: server.port)
            try await withAMQPEventBus(url: host.url) { publisher in
                try await withAMQPEventBus(url: host.url(port: proxy.port)) { reader in
                    let subscription = try await reader.subscribe(to: [TopicPattern("#")], queue: "billing")
                    let all = (1...20).map(String.init)
                    try await publisher.publish(contentsOf: all.map { .sample($0) })
                    var iterator = subscription.makeAsyncIterator()
                    for _ in 1...5 { _ = try await iterator.next() }
                    try await eventually("all are pending") { subscription.pendingCount == 15 }
                    // The broker sees a process that has died: four events were read, the fifth was at work.
                    proxy.refuseConnections()
                    let other = try await publisher.subscribe(to: [TopicPattern("#")], queue: "billing")
                    let received = try await ids(other, through: "20")
                    // An acknowledgement may have been on its way when the connection broke.
                    #expect((16...20).contains(received.count) && received == Array(all.suffix(received.count)))
                    iterator = other.makeAsyncIterator()
                }
            }
        }
    }

    @Test func `a named queue hands on more than its capacity, however its readers come and go`() async throws {
        try await withBus { bus, _ in
            let options = SubscriptionOptions(capacity: 2)
            let subscription = try await bus.subscribe(to: [TopicPattern("#")], options: options, queue: "billing")
            let all = (1...30).map(String.init)
            try await bus.publish(contentsOf: all.map { .sample($0) })
            var received: [String] = []
            for id in all { received += try await ids(subscription, through: id) }
            #expect(received == all)
        }
    }

    @Test func `a subscription of a name has its own patterns, not those of one before it`() async throws {
        try await withBus { bus, host in
            try await withAMQPEventBus(url: host.url) { reader in
                _ = try await reader.subscribe(to: [TopicPattern("a.#")], queue: "billing")
            }
            let subscription = try await bus.subscribe(to: [TopicPattern("b.#")], queue: "billing")
            try await bus.publish(contentsOf: [.sample("1", "a.b"), .sample("2", "b.b")])
            #expect(try await ids(subscription, through: "2") == ["2"])
        }
    }

    @Test func `a subscription outlives its connection, and a named one misses nothing`() async throws {
        let server = try await RabbitMQServer.shared
        try await server.withVirtualHost { host in
            let proxy = try FaultProxy(target: server.port)
            try await withAMQPEventBus(url: host.url) { publisher in
                try await withAMQPEventBus(url: host.url(port: proxy.port)) { reader in
                    let nameless = try await reader.subscribe(to: [TopicPattern("#")])
                    let named = try await reader.subscribe(to: [TopicPattern("#")], queue: "billing")
                    try await publisher.publish(.sample("1"))
                    #expect(try await ids(nameless, through: "1") == ["1"])
                    proxy.refuseConnections()
                    try await publisher.publish(.sample("2"))
                    proxy.heal()
                    // The nameless queue is made anew; when is seen by what arrives.
                    try await publishUntilRead(publisher, nameless)
                    let received = try await ids(named, through: "2")
                    #expect(received.contains("1") && received.last == "2")
                }
            }
        }
    }

    @Test func `a queue that is deleted under a subscription is made anew`() async throws {
        try await withBus { bus, host in
            let subscription = try await bus.subscribe(to: [TopicPattern("#")], queue: "billing")
            try await host.deleteQueue("billing")
            try await publishUntilRead(bus, subscription)
            #expect(try await host.queueNames() == ["billing"])
        }
    }

    @Test func `a subscription that cannot be had again holds up no other`() async throws {
        try await withBus { bus, host in
            _ = try await bus.subscribe(to: [TopicPattern("#")], queue: "taken")
            let other = try await bus.subscribe(to: [TopicPattern("#")], queue: "billing")
            let stranger = try await AMQPSession.open(AMQPSettings(url: host.url), name: "stranger")
            // Somebody makes the queue his own while it is gone, as soon as he is the quicker one.
            try await eventually("a queue that is taken") {
                try await stranger.deleteQueue("taken")
                do throws(AMQPError) {
                    try await stranger.declareQueue(AMQPQueue(name: "taken", isExclusive: true))
                    return true
                } catch {
                    return false
                }
            }
            try await host.deleteQueue("billing")
            try await publishUntilRead(bus, other)
            #expect(try await host.queueNames() == ["billing", "taken"])
            await stranger.close()
        }
    }

    @Test func `what had come of a queue that is deleted is not lost with it`() async throws {
        try await withBus { bus, host in
            let subscription = try await bus.subscribe(to: [TopicPattern("#")], queue: "billing")
            let all = (1...5).map(String.init)
            try await bus.publish(contentsOf: all.map { .sample($0) })
            try await eventually("all are pending") { subscription.pendingCount == 5 }
            try await host.deleteQueue("billing")
            var number = 0
            try await eventually("the queue is there again") {
                number += 1
                try await bus.publish(.sample("again-\(number)"))
                return try await host.queueNames() == ["billing"] && subscription.pendingCount > 5
            }
            var received: [String] = []
            for try await event in subscription {
                received.append(event.id)
                if received.count == 6 { break }
            }
            #expect(received.prefix(5) == all[...])
            #expect(received.last?.hasPrefix("again-") == true)
            // Their acknowledgement has ended nothing.
            try await publishUntilRead(bus, subscription)
        }
    }

    @Test func `what is no event is counted and holds up nothing`() async throws {
        try await withBus { bus, host in
            let subscription = try await bus.subscribe(to: [TopicPattern("#")])
            try await host.publish("no event", to: "martlet", key: "a.b")
            try await bus.publish(.sample("1"))
            #expect(try await ids(subscription, through: "1") == ["1"])
            #expect(bus.unreadableCount == 1)
        }
    }

    @Test func `a bus without a broker says where it looked, without the password`() async throws {
        let port = try FreePort.next()
        let bus = try AMQPEventBus(url: "amqp://user:topsecret@127.0.0.1:\(port)/")
        let error = await #expect(throws: EventBusError.self) { try await bus.publish(.sample("1")) }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("127.0.0.1:\(port)") == true)
        #expect(error?.description.contains("topsecret") == false)
        await bus.close()
    }

    @Test(arguments: ["http://mq/", "amqp://", ""])
    func `a URL that cannot be read is refused`(url: String) {
        let error = #expect(throws: EventBusError.self) { try AMQPEventBus(url: url) }
        #expect(error?.code == .invalidOptions)
    }

    @Test func `a queue's name that AMQP cannot carry is refused`() async throws {
        let bus = try AMQPEventBus(url: "amqp://localhost/")
        for name in ["", "amq.own", String(repeating: "x", count: 256)] {
            let error = await #expect(throws: EventBusError.self) {
                _ = try await bus.subscribe(to: [TopicPattern("#")], queue: name)
            }
            #expect(error?.code == .invalidOptions)
        }
        await bus.close()
    }
}

/// A node of its own, since it is restarted.
@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPEventBusNodeTests {
    @Test func `a reader who takes longer than the broker lets him disturbs no other subscription`() async throws {
        let server = try await RabbitMQServer.start()
        // RabbitMQ's are half an hour and a minute.
        try await server.control("eval", "application:set_env(rabbit, consumer_timeout, 500).")
        try await server.control("eval", "application:set_env(rabbit, channel_tick_interval, 200).")
        try await server.withVirtualHost { host in
            try await withAMQPEventBus(url: host.url) { bus in
                let nameless = try await bus.subscribe(to: [TopicPattern("#")])
                let quick = try await bus.subscribe(to: [TopicPattern("#")], queue: "quick")
                let slow = try await bus.subscribe(to: [TopicPattern("#")], queue: "slow")
                try await bus.publish(.sample("1"))
                #expect(try await ids(quick, through: "1") == ["1"])
                let queues = try await host.queueNames()
                try await eventually("the broker has closed a channel twice") {
                    await server.logText.ranges(of: "has timed out waiting").count >= 2
                }
                #expect(try await host.queueNames() == queues, "the nameless one has gone with its channel")
                try await bus.publish(.sample("2"))
                #expect(try await ids(nameless, through: "2") == ["1", "2"])
                #expect(try await ids(quick, through: "2") == ["2"])
                #expect(try await ids(slow, through: "2").first == "1")
            }
        }
        await server.kill()
    }

    @Test func `a named subscription outlives a restart of the broker`() async throws {
        let server = try await RabbitMQServer.start()
        try await withAMQPEventBus(url: server.url) { bus in
            let subscription = try await bus.subscribe(to: [TopicPattern("#")], queue: "billing")
            try await bus.publish(.sample("1"))
            #expect(try await ids(subscription, through: "1") == ["1"])
            try await server.restart()
            try await publishUntilRead(bus, subscription)
        }
        await server.kill()
    }
}

private func withBus(_ body: (AMQPEventBus, RabbitMQVirtualHost) async throws -> Void) async throws {
    try await RabbitMQServer.shared.withVirtualHost { host in
        try await withAMQPEventBus(url: host.url) { bus in try await body(bus, host) }
    }
}

/// The ids that arrive up to this one.
private func ids(_ subscription: EventSubscription, through last: String) async throws -> [String] {
    var ids: [String] = []
    for try await event in subscription {
        ids.append(event.id)
        if event.id == last { break }
    }
    return ids
}

/// Publishes until the subscription has something that was published here.
private func publishUntilRead(_ bus: AMQPEventBus, _ subscription: EventSubscription) async throws {
    var number = 0
    try await eventually("an event arrives again") {
        number += 1
        // While the broker is away this fails, as it should.
        guard (try? await bus.publish(.sample("again-\(number)"))) != nil else { return false }
        return subscription.pendingCount > 0
    }
}

extension Event {
    static func sample(_ id: String, _ topic: String = "a.b") -> Event {
        Event(
            id: id,
            source: "/clouds/test/bus",
            type: "org.example.bus",
            cloud: "test",
            topic: Topic(text: topic),
            payload: Payload(json: Array("{}".utf8)[...])
        )
    }
}
