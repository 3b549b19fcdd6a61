import Martlet
import Testing

extension EventBusConformance.Clause {
    /// How subscriptions and waits end.
    static let ending = [
        EventBusConformance.Clause("nothing is delivered after unsubscribe, and the sequence ends") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { witness in
                let subscription = try await probe.bus.subscribe(to: [probe.pattern("#")])
                try await probe.publish(["before"])
                #expect(try await probe.ids(from: subscription, through: "before") == ["before"])
                try await probe.bus.unsubscribe(subscription.id)
                try await probe.publish(["after"])
                #expect(try await probe.ids(from: witness, through: "after") == ["before", "after"])
                #expect(!subscription.isOpen)
                try await probe.within("the end") { for try await event in subscription { Issue.record("\(event)") } }
            }
        },
        EventBusConformance.Clause("unsubscribe ends a reader that waits") { probe in
            let subscription = try await probe.bus.subscribe(to: [probe.pattern("#")])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await probe.within("the end") { for try await _ in subscription {} }
                }
                try await probe.bus.unsubscribe(subscription.id)
                try await group.waitForAll()
            }
        },
        EventBusConformance.Clause("unsubscribing what is not subscribed throws") { probe in
            let unknown = EventSubscription.ID(rawValue: .max)
            await probe.expect(.unknownSubscription) { try await probe.bus.unsubscribe(unknown) }
            let subscription = try await probe.bus.subscribe(to: [probe.pattern("#")])
            try await probe.bus.unsubscribe(subscription.id)
            await probe.expect(.unknownSubscription) { try await probe.bus.unsubscribe(subscription.id) }
        },
        EventBusConformance.Clause("a cancelled reader leaves, and the subscription stays") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { subscription in
                try await probe.within("the reader") {
                    await withTaskGroup(of: Bool.self) { group in
                        group.addTask {
                            var iterator = subscription.makeAsyncIterator()
                            return (try? await iterator.next()) == .some(nil)
                        }
                        group.cancelAll()
                        for await isEnded in group { #expect(isEnded) }
                    }
                }
                try await probe.publish(["end"])
                #expect(try await probe.ids(from: subscription, through: "end") == ["end"])
            }
        },
        EventBusConformance.Clause("a scope unsubscribes when its body returns") { probe in
            let subscription = try await probe.bus.withSubscription(to: [probe.pattern("#")]) { $0 }
            await probe.expect(.unknownSubscription) { try await probe.bus.unsubscribe(subscription.id) }
        },
        EventBusConformance.Clause("a scope unsubscribes when its body throws, and throws the same") { probe in
            let id = IdentifierBox()
            await #expect(throws: BodyFailure.self) {
                try await probe.bus.withSubscription(to: [probe.pattern("#")]) { subscription in
                    await id.set(subscription.id)
                    throw BodyFailure()
                }
            }
            let known = try #require(await id.value)
            await probe.expect(.unknownSubscription) { try await probe.bus.unsubscribe(known) }
        },
        EventBusConformance.Clause("a scope unsubscribes when its task is cancelled") { probe in
            let id = IdentifierBox()
            try await probe.within("the scope") {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await #expect(throws: Never.self) {
                            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { subscription in
                                await id.set(subscription.id)
                                for try await _ in subscription {}
                            }
                        }
                    }
                    while await id.value == nil { await Task.yield() }
                    group.cancelAll()
                }
            }
            let known = try #require(await id.value)
            await probe.expect(.unknownSubscription) { try await probe.bus.unsubscribe(known) }
        },
        EventBusConformance.Clause("a scope whose body unsubscribed is content") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { subscription in
                try await probe.bus.unsubscribe(subscription.id)
            }
        },
    ]
}

private struct BodyFailure: Error {}

/// The id of a subscription, carried out of its scope.
private actor IdentifierBox {
    var value: EventSubscription.ID?

    func set(_ id: EventSubscription.ID) { value = id }
}
