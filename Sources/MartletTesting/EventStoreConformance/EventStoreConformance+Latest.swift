import Martlet
import MartletPipeline
import Testing

extension EventStoreConformance.Clause {
    /// What a forwarder asks and keeps that sends only what is current after an outage.
    static let latest = [
        Self("the last event of a resource that a filter accepts is found, up to a position") { probe in
            for (index, machine) in ["vm-1", "vm-2", "vm-1", "vm-1", "vm-2", "vm-1"].enumerated() {
                let kind = index == 3 ? "VM-STOP" : "VM-START"
                let event = StoreProbe.event("\(index)", machine: machine).with { fields in
                    fields.topic = Topic(text: "m.ActionEvent.\(kind).VirtualMachine.\(machine)")
                }
                try await probe.commit([event])
            }
            func filter(_ pattern: String) throws -> EventFilter {
                EventFilter(matches: [EventFilter.Match(pattern: try TopicPattern(pattern))])
            }
            let (plain, stops, starts) = try (EventFilter(), filter("*.*.VM-STOP.#"), filter("*.*.VM-START.#"))
            func last(
                _ machine: String,
                after: Int64,
                through: Int64,
                _ filter: EventFilter,
                limit: Int = 100
            ) async throws -> Int64? {
                let key = try await probe.key(of: machine)
                var searches = [LatestEventSearch(key, after: Position(rawValue: after))]
                var goes = 0
                while !searches[0].isOver, goes < 100 {
                    goes += 1
                    searches = try await probe.store.latestEvents(
                        searches,
                        through: Position(rawValue: through),
                        acceptedBy: filter,
                        limit: limit
                    )
                }
                return searches[0].found?.rawValue
            }
            for limit in [100, 2] {
                #expect(try await last("vm-1", after: 1, through: 6, plain, limit: limit) == 6)
                #expect(try await last("vm-1", after: 1, through: 5, plain, limit: limit) == 4)
                #expect(try await last("vm-1", after: 1, through: 5, starts, limit: limit) == 3)
                #expect(try await last("vm-1", after: 3, through: 5, starts, limit: limit) == nil)
                #expect(try await last("vm-1", after: 1, through: 6, stops, limit: limit) == 4)
                #expect(try await last("vm-1", after: 6, through: 6, plain, limit: limit) == nil)
                #expect(try await last("vm-2", after: 2, through: 4, plain, limit: limit) == nil)
                #expect(try await last("vm-2", after: 0, through: 4, plain, limit: limit) == 2)
            }
        },
        Self("many resources are asked about at once, and an unknown one has no event") { probe in
            try await probe.commit((1...40).map { StoreProbe.event("\($0)", machine: "vm-\($0 % 4)") })
            var searches: [LatestEventSearch] = []
            for number in 0..<4 {
                searches.append(LatestEventSearch(try await probe.key(of: "vm-\(number)"), after: .zero))
            }
            searches.append(LatestEventSearch(ResourceKey(rawValue: .max), after: .zero))
            let answers = try await probe.store.latestEvents(
                searches,
                through: Position(rawValue: 30),
                acceptedBy: EventFilter(),
                limit: 1_000
            )
            #expect(answers.map(\.found?.rawValue) == [28, 29, 30, 27, nil])
            #expect(answers.map(\.isOver) == [true, true, true, true, true])
        },
        Self("a stretch of which only what is current is sent is kept with the cursor, until it is over") { probe in
            try await probe.commit((1...5).map { StoreProbe.event("\($0)") })
            let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero).id
            #expect(try await probe.store.openForwarder(name: "noc", start: .zero).resynchronisation == nil)
            let stretch = Resynchronisation(from: .zero, through: Position(rawValue: 5), skipped: 2)
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 3))
            progress.counts.skipped = 2
            progress.counts.delivered = 1
            progress.resynchronisation = .some(stretch)
            try await probe.save(progress)
            #expect(try await probe.store.openForwarder(name: "noc", start: .zero).resynchronisation == stretch)
            progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 4))
            progress.counts.delivered = 1
            try await probe.save(progress)
            #expect(try await probe.store.openForwarder(name: "noc", start: .zero).resynchronisation == stretch)
            progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 5))
            progress.counts.delivered = 1
            progress.resynchronisation = .some(nil)
            try await probe.save(progress)
            #expect(try await probe.store.openForwarder(name: "noc", start: .zero).resynchronisation == nil)
        },
        Self("a forgotten forwarder leaves no stretch") { probe in
            try await probe.commit((1...3).map { StoreProbe.event("\($0)") })
            let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero).id
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 1))
            progress.counts.delivered = 1
            progress.resynchronisation = .some(Resynchronisation(from: .zero, through: Position(rawValue: 3)))
            try await probe.save(progress)
            #expect(try await probe.store.forgetForwarder(name: "noc"))
            let again = try await probe.store.openForwarder(name: "noc", start: .zero)
            #expect(again.resynchronisation == nil)
        },
        Self("what waits with the mark holds the log as others do, and is read back with it") { probe in
            try await probe.commit((1...3).map { StoreProbe.event("\($0)") })
            let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero).id
            var progress = ForwarderProgress(forwarder: forwarder, cursor: Position(rawValue: 3))
            progress.counts.delivered = 2
            var delivery = ParkedDelivery(
                position: Position(rawValue: 2),
                lane: try await probe.key(of: "vm-1"),
                unit: nil,
                attempts: 1,
                due: StoreProbe.start,
                reason: "HTTP 500",
                isRedelivery: false
            )
            delivery.isResynchronised = true
            progress.parked = [delivery]
            try await probe.save(progress)
            #expect(try await probe.store.openForwarder(name: "noc", start: .zero).parked == [delivery])
            let removal = try await probe.store.removeEvents(
                through: Position(rawValue: 3),
                heldBy: [forwarder],
                limit: 100
            )
            #expect(removal.removedThrough == Position(rawValue: 1))
        },
    ]
}
