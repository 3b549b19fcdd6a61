import Martlet
import MartletTesting
import Testing

struct InMemoryEventBusTests {
    @Test(arguments: EventBusConformance.Clause.all)
    func `the in-memory bus keeps the contract`(_ clause: EventBusConformance.Clause) async throws {
        try await EventBusConformance(features: [.exactlyOnce, .slowsPublishers]) { InMemoryEventBus() }.run(clause)
    }

    private let bus = InMemoryEventBus()

    private var probe: BusProbe {
        BusProbe(bus: bus, features: [.exactlyOnce, .slowsPublishers])
    }

    @Test func `a cancelled publisher takes its event back from those who have no room`() async throws {
        let probe = probe
        let options = SubscriptionOptions(capacity: 1, overflow: .wait)
        let full = try await bus.subscribe(to: [.everything], options: options)
        let other = try await bus.subscribe(to: [.everything])
        try await probe.publish(["1"])
        try await probe.within("the publisher") {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await probe.publish(["2"]) }
                }
                while other.pendingCount < 2 { await Task.yield() }
                group.cancelAll()
            }
        }
        #expect(try await probe.ids(from: full, through: "1") == ["1"])
        try await probe.publish(["3"])
        #expect(try await probe.ids(from: full, through: "3") == ["3"])
        #expect(try await probe.ids(from: other, through: "3") == ["1", "2", "3"])
    }

    @Test func `a publisher in a cancelled task does not wait`() async throws {
        let probe = probe
        let options = SubscriptionOptions(capacity: 1, overflow: .wait)
        let full = try await bus.subscribe(to: [.everything], options: options)
        try await probe.publish(["1"])
        try await probe.within("the publisher") {
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await probe.publish(["2"]) }
                }
            }
        }
        #expect(full.pendingCount == 1)
    }

    @Test func `unsubscribing lets a waiting publisher go on`() async throws {
        let probe = probe
        let options = SubscriptionOptions(capacity: 1, overflow: .wait)
        let full = try await bus.subscribe(to: [.everything], options: options)
        let other = try await bus.subscribe(to: [.everything])
        try await probe.within("the publisher") { [bus] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await probe.publish(["1", "2", "3"]) }
                while other.pendingCount < 2 { await Task.yield() }
                try await bus.unsubscribe(full.id)
                try await group.waitForAll()
            }
        }
        #expect(try await probe.ids(from: other, through: "3") == ["1", "2", "3"])
    }

    @Test func `a subscriber whose body throws harms no other`() async throws {
        struct Broken: Error {}
        let probe = probe
        let healthy = try await bus.subscribe(to: [.everything])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [bus] in
                await #expect(throws: Broken.self) {
                    try await bus.withSubscription(to: [.everything]) { events in
                        for try await _ in events { throw Broken() }
                    }
                }
            }
            while bus.subscriptionCount < 2 { await Task.yield() }
            try await probe.publish(["1", "2"])
            try await group.waitForAll()
        }
        #expect(bus.subscriptionCount == 1)
        #expect(try await probe.ids(from: healthy, through: "2") == ["1", "2"])
    }

    @Test func `several readers share the events of a subscription`() async throws {
        let probe = probe
        let subscription = try await bus.subscribe(to: [.everything])
        let ids = try await probe.within("two readers") { [bus] in
            try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        var ids: [String] = []
                        for try await event in subscription { ids.append(event.id) }
                        return ids
                    }
                }
                try await probe.publish((0..<100).map { "\($0)" })
                while subscription.pendingCount > 0 { await Task.yield() }
                try await bus.unsubscribe(subscription.id)
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
        #expect(Set(ids) == Set((0..<100).map { "\($0)" }))
        #expect(ids.count == 100)
    }
}
