import Martlet
import Testing

extension EventBusConformance.Clause {
    /// What becomes of those who do not keep up, and of the others.
    static let overflow = [
        EventBusConformance.Clause("a subscription that overflows fails, and no other one") { probe in
            let options = SubscriptionOptions(capacity: 3)
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { healthy in
                try await probe.bus.withSubscription(to: [probe.pattern("#")], options: options) { slow in
                    let ids = (1...10).map { "\($0)" }
                    try await probe.publish(ids)
                    let received = try await probe.ids(from: healthy, through: "10")
                    #expect(received == ids)
                    try await probe.eventually("the failure") { !slow.isOpen }
                    let error = try await probe.within("the error") {
                        await #expect(throws: EventBusError.self) { for try await _ in slow {} }
                    }
                    #expect(error?.code == .overflow)
                    #expect(error?.pendingCount == 3)
                    try await probe.within("the end") { for try await _ in slow {} }
                }
            }
        },
        EventBusConformance.Clause("dropOldest keeps the newest events and counts the others") { probe in
            let options = SubscriptionOptions(capacity: 3, overflow: .dropOldest)
            try await probe.bus.withSubscription(to: [probe.pattern("#")], options: options) { subscription in
                try await probe.publish((1...10).map { "\($0)" })
                try await probe.eventually("seven dropped events") { subscription.droppedCount == 7 }
                #expect(subscription.pendingCount == 3)
                let received = try await probe.ids(from: subscription, through: "10")
                #expect(received == ["8", "9", "10"])
            }
        },
        EventBusConformance.Clause("wait loses nothing, and slows publishers where the bus can") { probe in
            let options = SubscriptionOptions(capacity: 2, overflow: .wait)
            let ids = (1...20).map { "\($0)" }
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { other in
                try await probe.bus.withSubscription(to: [probe.pattern("#")], options: options) { slow in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await probe.publish(ids) }
                        try await probe.eventually("a full queue") { slow.pendingCount == 2 }
                        if probe.features.contains(.slowsPublishers) {
                            // The third is with the other one already, and nothing comes after it.
                            let early = try await probe.ids(from: other, through: "3")
                            #expect(early == ["1", "2", "3"])
                            #expect(other.pendingCount == 0)
                        }
                        let received = try await probe.ids(from: slow, through: "20")
                        #expect(received == ids)
                        try await group.waitForAll()
                    }
                }
            }
        },
        EventBusConformance.Clause("a subscriber who never reads holds up nobody") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { _ in
                try await probe.bus.withSubscription(to: [probe.pattern("#")]) { subscription in
                    let ids = (1...100).map { "\($0)" }
                    try await probe.publish(ids)
                    let received = try await probe.ids(from: subscription, through: "100")
                    #expect(received == ids)
                }
            }
        },
    ]
}
