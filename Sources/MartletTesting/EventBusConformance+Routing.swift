import Martlet
import Testing

extension EventBusConformance.Clause {
    /// Who gets what, and in which order.
    static let routing = [
        EventBusConformance.Clause("an event arrives with its attributes and its data") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { subscription in
                let sent = probe.event("1", "ActionEvent.VM-START.VirtualMachine.7", resource: "7")
                try await probe.bus.publish(sent)
                let received = try #require(try await probe.events(from: subscription, through: "1").first)
                #expect(received.source == sent.source)
                #expect(received.type == sent.type)
                #expect(received.topic == sent.topic)
                #expect(received.resource == sent.resource)
                #expect(received.payload.json.map(Array.init) == sent.payload.json.map(Array.init))
            }
        },
        EventBusConformance.Clause("only matching topics arrive, told apart by case") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("*.Start.#")]) { subscription in
                try await probe.publish(["other case"], "x.start")
                try await probe.publish(["too short"], "Start")
                try await probe.publish(["literal star"], "*.Start")
                try await probe.publish(["longer"], "x.Start.y.z")
                try await probe.publish(["end"], "x.Start")
                let ids = try await probe.ids(from: subscription, through: "end")
                #expect(ids == ["literal star", "longer", "end"])
            }
        },
        EventBusConformance.Clause("patterns that overlap deliver an event once") { probe in
            let patterns = try [probe.pattern("#"), probe.pattern("a"), probe.pattern("*"), probe.pattern("a")]
            try await probe.bus.withSubscription(to: patterns) { subscription in
                try await probe.publish(["1", "2", "end"])
                let ids = try await probe.ids(from: subscription, through: "end")
                #expect(ids == ["1", "2", "end"])
            }
        },
        EventBusConformance.Clause("every subscription gets the event") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("a")]) { first in
                try await probe.bus.withSubscription(to: [probe.pattern("#")]) { second in
                    try await probe.publish(["end"])
                    let ids = try await (
                        probe.ids(from: first, through: "end"), probe.ids(from: second, through: "end")
                    )
                    #expect(ids == (["end"], ["end"]))
                }
            }
        },
        EventBusConformance.Clause("a subscription without patterns is refused") { probe in
            await probe.expect(.noPatterns) { _ = try await probe.bus.subscribe(to: []) }
        },
        EventBusConformance.Clause("a capacity of zero is refused") { probe in
            await probe.expect(.invalidOptions) {
                _ = try await probe.bus.subscribe(
                    to: [probe.pattern("#")],
                    options: SubscriptionOptions(capacity: 0)
                )
            }
        },
    ]

    static let order = [
        EventBusConformance.Clause("one publisher's events keep their order") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { subscription in
                let ids = (1...200).map { "\($0)" }
                for (index, id) in ids.enumerated() {
                    try await probe.bus.publish(probe.event(id, "t\(index % 7)", resource: "r\(index % 3)"))
                }
                let received = try await probe.ids(from: subscription, through: "200")
                #expect(received == ids)
            }
        },
        EventBusConformance.Clause("publishers and subscribers that come and go do not disturb each other") { probe in
            try await probe.bus.withSubscription(to: [probe.pattern("#")]) { subscription in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for publisher in 0..<4 {
                        group.addTask { try await probe.publish((0..<50).map { "\(publisher)-\($0)" }) }
                        group.addTask {
                            for _ in 0..<25 {
                                try await probe.bus.withSubscription(
                                    to: [probe.pattern("#")],
                                    options: SubscriptionOptions(capacity: 1)
                                ) { _ in }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                try await probe.publish(["end"])
                let received = try await probe.ids(from: subscription, through: "end")
                #expect(received.count == 201)
                for publisher in 0..<4 {
                    let own = received.filter { $0.hasPrefix("\(publisher)-") }
                    #expect(own == (0..<50).map { "\(publisher)-\($0)" })
                }
            }
        },
    ]
}
