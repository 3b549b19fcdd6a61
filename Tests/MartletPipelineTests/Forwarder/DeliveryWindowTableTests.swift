import Martlet
@testable import MartletPipeline
import MartletTesting
import Testing

/// Every state that a window can be in against every input, and long random runs: the numbers add up, the order holds,
/// and everything is concluded in the end.
@Suite struct DeliveryWindowTableTests {
    enum Situation: String, CaseIterable {
        case empty, ready, inFlight, parked, parkedBehind, deliveredBeyondCursor, backingOff, paused, pausedInFlight

        func make(
            order: DeliveryWindow.Configuration.Order,
            mode: SinkDelivery.Mode,
            _ afterOutage: DeliveryWindow.Configuration.AfterOutage
        ) -> WindowHarness {
            let batch = mode == .independent ? 1 : 2
            let harness = WindowHarness(order: order, mode: mode, batch: batch, concurrency: 3) { configuration in
                configuration.afterOutage = afterOutage
                configuration.outage = .zero
            }
            if self == .empty { return harness }
            harness.offer([1, nil, 2, 1])
            switch self {
            case .empty, .ready: break
            case .inFlight: _ = harness.next()
            case .parked: if let unit = harness.next() { harness.complete(unit, .retry("500")) }
            case .parkedBehind:
                if let unit = harness.next() { harness.complete(unit, .retry("500")) }
                _ = harness.launchAll()
            case .deliveredBeyondCursor:
                let units = harness.launchAll()
                if let last = units.last { harness.complete(last, .delivered) }
            case .backingOff: if let unit = harness.next() { harness.complete(unit, .unavailable("503")) }
            case .paused: harness.window.setPause(Pause(cause: .requested, reason: "test"))
            case .pausedInFlight:
                _ = harness.next()
                harness.window.setPause(Pause(cause: .requested, reason: "test"))
            }
            return harness
        }
    }

    enum Input: String, CaseIterable {
        case offer, offerNothing, next, delivered, retry, reject, unavailable, gone, untried, pause, resume, redeliver
        case discard, save, loseSave, wait, restart, skipSome, skipAll, loseUnread, loseUnit, changeChoice

        func apply(to harness: WindowHarness) {
            switch self {
            case .offer: harness.offer([3, nil, 1])
            case .offerNothing: harness.offer([])
            case .next: _ = harness.launchAll()
            case .delivered: complete(harness, .delivered)
            case .retry: complete(harness, .retry("500"))
            case .reject: complete(harness, .reject("400"))
            case .unavailable: complete(harness, .unavailable("503"))
            case .gone: complete(harness, .gone("410"))
            case .untried: complete(harness, .untried)
            case .pause: harness.window.setPause(Pause(cause: .requested, reason: "test"))
            case .resume: harness.window.resume()
            case .redeliver:
                harness.save()
                let letters = harness.deadLetters.filter { harness.counts.dead > 0 && $0.position <= harness.cursor }
                if let letter = letters.first, harness.counts.dead == Int64(harness.deadLetters.count) {
                    harness.window.redeliver(
                        [(id: letter.position.rawValue, position: letter.position)],
                        now: harness.now
                    )
                }
            case .discard:
                harness.save()
                if let letter = harness.deadLetters.last, harness.counts.dead > 0 {
                    harness.window.discard([letter.position.rawValue])
                }
            case .save: harness.save()
            case .loseSave: if let progress = harness.window.takeProgress() { harness.window.restore(progress) }
            case .skipSome: harness.skip(through: 3)
            case .skipAll: harness.skip(through: .max)
            case .loseUnread: harness.lose(3)
            case .loseUnit: if let unit = harness.next() { harness.lose(unit) }
            case .changeChoice:
                guard harness.window.flightCount == 0 else { return }
                var configuration = harness.window.configuration
                configuration.afterOutage = configuration.afterOutage == .latest ? .replay : .latest
                let change = DeliveryWindow.Reconfiguration(filterChanged: false, destinationChanged: false)
                harness.window.reconfigure(configuration, change, now: harness.now)
            case .wait: harness.advance(.seconds(120))
            case .restart:
                harness.save()
                harness.restart()
                // What lay beyond the cursor is read again.
                let unread = harness.head - harness.cursor.rawValue
                let resources: [Int64?] = (0..<unread).map { $0 % 3 == 1 ? nil : $0 % 3 + 1 }
                harness.reread(resources)
            }
        }

        private func complete(_ harness: WindowHarness, _ outcome: DeliveryOutcome) {
            guard let unit = harness.next() else { return }
            harness.complete(unit, outcome)
        }
    }

    @Test(arguments: DeliveryWindow.Configuration.Order.allCases, [SinkDelivery.Mode.independent, .atomic, .prefix])
    func `every state takes every input, and the numbers add up`(
        order: DeliveryWindow.Configuration.Order,
        mode: SinkDelivery.Mode
    ) {
        for situation in Situation.allCases {
            for first in Input.allCases {
                for second in Input.allCases {
                    for afterOutage in DeliveryWindow.Configuration.AfterOutage.allCases {
                        let harness = situation.make(order: order, mode: mode, afterOutage)
                        first.apply(to: harness)
                        harness.save()
                        second.apply(to: harness)
                        harness.save()
                    }
                }
            }
        }
    }

    @Test(arguments: 1...40)
    func `in a long random run the order within a resource holds and everything is concluded`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let mode = [SinkDelivery.Mode.independent, .atomic, .prefix][seed % 3]
        let harness = WindowHarness(
            mode: mode,
            batch: mode == .independent ? 1 : 5,
            concurrency: 4,
            attempts: 4
        ) { configuration in
            configuration.failingLanes = 50
            configuration.afterOutage = seed > 20 ? .latest : .replay
            configuration.outage = .seconds(15)
        }
        var resources: [Int64: Int64] = [:]
        var lastDelivered: [Int64: Int64] = [:]
        var flights: [DeliveryWindow.Unit] = []
        var settled: Set<Int64> = []
        for step in 0..<3_000 {
            if step < 2_000, random.next() % 3 == 0, harness.window.wantsMore {
                let resource: Int64? = random.next() % 5 == 0 ? nil : Int64(random.next() % 6) + 1
                harness.offer([resource])
                if let resource { resources[harness.head] = resource }
            }
            if random.next() % 2 == 0, let unit = harness.next() { flights.append(unit) }
            if !flights.isEmpty, random.next() % 2 == 0 {
                let unit = flights.remove(at: Int(random.next() % UInt64(flights.count)))
                let outcomes: [DeliveryOutcome] = [
                    .delivered, .delivered, .delivered, .retry("500"), .unavailable("503"), .reject("400"),
                ]
                let outcome = step < 2_500 ? outcomes[Int(random.next() % 6)] : .delivered
                if outcome == .delivered {
                    for number in unit.numbers {
                        let resource = resources[number] ?? 0
                        #expect(
                            number > lastDelivered[resource, default: 0],
                            "Swapped within a resource, seed \(seed)."
                        )
                        #expect(settled.insert(number).inserted, "Delivered twice without a restart, seed \(seed).")
                        lastDelivered[resource] = number
                    }
                }
                harness.complete(unit, outcome)
            }
            if seed % 4 == 0, random.next() % 100 == 0 {
                harness.skip(through: harness.cursor.rawValue + Int64(random.next() % 20))
            }
            if random.next() % 7 == 0 { harness.save() }
            harness.advance(.seconds(Int(random.next() % 20)))
        }
        for unit in flights { harness.complete(unit, .delivered) }
        for _ in 0..<10_000 {
            harness.advance(.seconds(60))
            guard let unit = harness.next() else { break }
            harness.complete(unit, .delivered)
        }
        harness.save()
        #expect(harness.cursor.rawValue == harness.head)
        #expect(harness.parked.isEmpty)
        let concluded = harness.counts.delivered + harness.counts.dead + harness.counts.skipped
        #expect(concluded == Int64(resources.count))
        if seed % 4 != 0, seed <= 20 { #expect(harness.counts.skipped == 0) }
        let dead = Set(harness.deadLetters.map(\.position.rawValue))
        for (resource, last) in Dictionary(resources.map { ($0.value, $0.key) }, uniquingKeysWith: max) {
            let isTold = settled.contains(last) || dead.contains(last)
            #expect(isTold || seed % 4 == 0, "The last event of \(resource) is not left out, seed \(seed).")
        }
    }
}
