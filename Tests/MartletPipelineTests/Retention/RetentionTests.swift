import Martlet
import MartletJSON
@testable import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// Promise 11: retention never overtakes a forwarder in silence.
@Suite(.timeLimit(.minutes(1))) struct RetentionTests {
    private static let day = Duration.seconds(86_400)
    private static let tenDays = RetentionPolicy(age: .seconds(10 * 86_400), size: nil)

    @Test func `what is older than the age goes, and nothing younger`() async throws {
        let rig = try await RetentionRig()
        let forwarder = try await rig.forwarder("fast", .wait, isOpen: true)
        let retention = rig.retention(Self.tenDays, [forwarder])
        try await rig.run([forwarder]) {
            try await rig.publish(700)
            rig.time.advance(by: .seconds(6 * 86_400))
            try await rig.publish(5)
            while try await rig.status("fast").pending > 0 { await Task.yield() }
            rig.time.advance(by: .seconds(4 * 86_400))
            try await retention.look()
            #expect(
                try await rig.store.logExtent().first == Position(rawValue: 1),
                "Ten days are not more than ten days."
            )
            rig.time.advance(by: .seconds(1))
            try await retention.look()
            #expect(try await rig.status("fast").counts.delivered == 705)
        }
        #expect(try await rig.store.logExtent().first == Position(rawValue: 701))
        #expect(retention.status.removedEvents == 700)
        #expect(retention.status.hold == nil)
    }

    @Test func `a forwarder that waits holds the log, paused or not, and is named`() async throws {
        let rig = try await RetentionRig()
        let forwarder = try await rig.forwarder("billing", .wait)
        let retention = rig.retention(Self.tenDays, [forwarder])
        try await rig.run([forwarder]) {
            try await rig.publish(20)
            try await forwarder.pause(reason: "test")
            rig.time.advance(by: .seconds(20 * 86_400))
            try await retention.look()
            #expect(try await rig.store.logExtent().first == Position(rawValue: 1))
            let hold = try #require(retention.status.hold)
            #expect(hold.forwarder == "billing" && hold.position == Position(rawValue: 1))
            #expect(hold.since == rig.time.now)
            rig.time.advance(by: .seconds(60))
            try await retention.look()
            #expect(retention.status.hold?.since == hold.since)
            // Nothing is too large: nobody is warned.
            #expect(try await rig.alerts(.held).isEmpty)
        }
    }

    @Test func `a forwarder that skips gives way: counted, reported, and the others keep what they need`() async throws
    {
        let rig = try await RetentionRig()
        let skipping = try await rig.forwarder("noc", .skip)
        let waiting = try await rig.forwarder("billing", .wait)
        let retention = rig.retention(Self.tenDays, [skipping, waiting])
        try await rig.run([skipping]) {
            try await rig.publish(30)
            rig.time.advance(by: .seconds(20 * 86_400))
            try await rig.publish(3)
            // The other one has come as far as 12.
            var progress = ForwarderProgress(forwarder: waiting.id, cursor: Position(rawValue: 12))
            progress.counts.delivered = 12
            _ = try await rig.store.commit(
                CommitGroup(batches: [], progress: [progress], recordedTime: rig.time.now)
            )
            try await skipping.pause(reason: "nothing in flight")
            while skipping.state.withLock({ $0.window.flightCount > 0 }) { await Task.yield() }
            try await retention.look()
            let status = try await rig.status("noc")
            #expect(status.counts.skipped == 30)
            #expect(status.lastError?.contains("skipped 30 events between the positions 1 and 30") == true)
            let alert = try #require(try await rig.alerts(.skipped).first)
            #expect(alert.topic.text == "martlet.AlertEvent.retention-skipped.Forwarder.noc")
            let body = try JSONDocument(parsing: Array(alert.payload.original)).root
            #expect(body["details"]?["count"]?.string == "30")
            #expect(body["details"]?["from"]?.string == "1" && body["details"]?["through"]?.string == "30")
        }
        #expect(try await rig.store.logExtent().first == Position(rawValue: 13))
        #expect(retention.status.hold?.forwarder == "billing")
    }

    @Test func `by size the oldest go until the store is within its bound`() async throws {
        let rig = try await RetentionRig()
        let forwarder = try await rig.forwarder("fast", .wait, isOpen: true)
        rig.store.capacity = 100_000
        let retention = rig.retention(RetentionPolicy(age: nil, size: .share(0.5)), [forwarder])
        try await rig.run([forwarder]) {
            try await rig.publish(49)
            while try await rig.status("fast").pending > 0 { await Task.yield() }
            try await retention.look()
            #expect(try await rig.store.logExtent().first == Position(rawValue: 1))
            try await rig.publish(31)
            while try await rig.status("fast").pending > 0 { await Task.yield() }
            try await retention.look()
        }
        #expect(retention.status.used == 50_000 && retention.status.bound == 50_000)
        #expect(try await rig.store.logExtent().first == Position(rawValue: 31))
    }

    @Test func `held back over its size, it says so: status, alert, hourly at the most`() async throws {
        let rig = try await RetentionRig()
        let forwarder = try await rig.forwarder("billing", .wait)
        let retention = rig.retention(RetentionPolicy(age: nil, size: .bytes(10_000)), [forwarder])
        try await rig.run([forwarder]) {
            try await rig.publish(20)
            try await retention.look()
            #expect(retention.status.isOverSize)
            #expect(retention.status.hold?.forwarder == "billing")
            let alerts = try await rig.alerts(.held)
            #expect(alerts.count == 1)
            #expect(alerts.first?.topic.text == "martlet.AlertEvent.retention-held.Forwarder.billing")
            try await retention.look()
            rig.time.advance(by: .seconds(3_599))
            try await retention.look()
            #expect(try await rig.alerts(.held).count == 1)
            rig.time.advance(by: .seconds(1))
            try await retention.look()
            #expect(try await rig.alerts(.held).count == 2)
        }
        #expect(try await rig.store.logExtent().first == Position(rawValue: 1), "Nothing went all the same.")
    }

    @Test func `a retired forwarder holds nothing; if it comes back, what is gone is skipped and reported`()
        async throws
    {
        let time = ManualTime()
        let first = try await RetentionRig(time: time)
        let forwarder = try await first.forwarder("noc", .wait, isOpen: true)
        try await first.run([forwarder]) {
            try await first.publish(10)
            while try await first.status("noc").pending > 0 { await Task.yield() }
        }
        let second = try await RetentionRig(sharing: first.store, time: time)
        try await second.run {
            try await second.publish(20)
            time.advance(by: .seconds(11 * 86_400))
            try await second.publish(5)
            try await second.retention(Self.tenDays, []).look()
            #expect(try await second.store.logExtent().first == Position(rawValue: 31))
            _ = try await second.status("noc")
        }
        let third = try await RetentionRig(sharing: first.store, time: time)
        let again = try await third.forwarder("noc", .wait, isOpen: true)
        try await third.run([again]) {
            while try await third.status("noc").counts.delivered < 16 { await Task.yield() }
            let status = try await third.status("noc")
            #expect(status.counts.skipped == 20)
            let alert = try #require(try await third.alerts(.skipped).first)
            let body = try JSONDocument(parsing: Array(alert.payload.original)).root
            #expect(body["details"]?["from"]?.string == "11" && body["details"]?["through"]?.string == "30")
        }
    }

    @Test func `a parked event that comes back from retirement too late is skipped at once, not when it is due`()
        async throws
    {
        let store = InMemoryEventStore()
        let time = ManualTime()
        let rig = try await RetentionRig(sharing: store, time: time)
        let id = try await store.openForwarder(name: "noc", start: .zero).id
        try await rig.run { try await rig.publish(10) }
        var progress = ForwarderProgress(forwarder: id, cursor: Position(rawValue: 10))
        progress.counts.delivered = 9
        progress.parked = [
            ParkedDelivery(
                position: Position(rawValue: 4),
                lane: nil,
                unit: nil,
                attempts: 1,
                due: time.now + .seconds(3_600),
                reason: "500",
                isRedelivery: false
            )
        ]
        _ = try await store.commit(CommitGroup(batches: [], progress: [progress], recordedTime: time.now))
        _ = try await store.removeEvents(through: Position(rawValue: 9), heldBy: [], limit: 100)
        let next = try await RetentionRig(sharing: store, time: time)
        let forwarder = try await next.forwarder("noc", .wait, isOpen: true)
        try await next.run([forwarder]) {
            while try await next.status("noc").counts.skipped < 1 { await Task.yield() }
            #expect(try await next.status("noc").parked == 0)
            let alert = try #require(try await next.alerts(.skipped).first)
            let body = try JSONDocument(parsing: Array(alert.payload.original)).root
            #expect(body["details"]?["from"]?.string == "4" && body["details"]?["count"]?.string == "1")
        }
    }

    @Test func `a clock that is set ahead removes nothing for an hour`() async throws {
        // The one that is slept by stands still while the other one jumps.
        let clock = SetClock()
        let store = InMemoryEventStore()
        let dispatcher = Dispatcher(head: .zero)
        let intake = Intake(store: store, dispatcher: dispatcher, time: clock, logger: RetentionRig.silence)
        let retention = Retention(
            policy: Self.tenDays,
            store: store,
            intake: intake,
            time: clock,
            logger: RetentionRig.silence
        ) { [] }
        _ = try await store.commit(
            CommitGroup(
                batches: [IntakeBatch(source: "s", items: (0..<9).map { .event(StoreProbe.event("\($0)"), nil) })],
                recordedTime: clock.now
            )
        )
        try await retention.look()
        clock.set(ahead: .seconds(5_000 * 86_400))
        try await retention.look()
        #expect(try await store.logExtent().first == Position(rawValue: 1))
        clock.set(ahead: .seconds(-5_000 * 86_400))
        clock.pass(.seconds(3_600))
        try await retention.look()
        #expect(try await store.logExtent().first == Position(rawValue: 1))
        // Time that passes is something else.
        clock.pass(.seconds(11 * 86_400))
        try await retention.look()
        #expect(try await store.logExtent().first == Position(rawValue: 9))
    }

    /// A clock that can be set, and one beside it that cannot.
    private final class SetClock: TimeSource {
        private let state = Mutex((clock: Timestamp(seconds: 1_767_225_600), steady: Timestamp(seconds: 1_000)))

        var now: Timestamp { state.withLock { $0.clock } }
        var steadyNow: Timestamp { state.withLock { $0.steady } }
        func sleep(for duration: Duration) async throws {}
        func set(ahead duration: Duration) { state.withLock { $0.clock = $0.clock + duration } }
        func pass(_ duration: Duration) {
            state.withLock { $0 = ($0.clock + duration, $0.steady + duration) }
        }
    }

    @Test(arguments: [
        (RetentionPolicy.Size?.some(.share(0.8)), Int64(500), Int64(500), Int64(800)),
        (.some(.bytes(70)), 500, 500, 70), (nil, 500, 500, nil),
    ])
    func `the bound is of what the disk has for the store`(
        size: RetentionPolicy.Size?,
        onDisk: Int64,
        free: Int64,
        bound: Int64?
    ) {
        let policy = RetentionPolicy(age: nil, size: size)
        #expect(policy.bound(of: StoreSpace(used: 1, onDisk: onDisk, free: free)) == bound)
    }

    @Test func `how far to go is guessed from the average, a step at the most`() {
        let policy = RetentionPolicy(age: nil, size: .bytes(1_000))
        let extent = LogExtent(first: Position(rawValue: 11), head: Position(rawValue: 20), oldest: nil)
        func target(_ used: Int64, step: Int64 = 100) -> Int64 {
            policy.target(of: StoreSpace(used: used, onDisk: 0, free: 0), extent, step: step).rawValue
        }
        #expect(target(1_000) == 0)
        #expect(target(1_001) == 11)
        #expect(target(2_000) == 15)
        #expect(target(1_000_000, step: 7) == 17)
    }

    @Test(arguments: [
        // The log has all of the size, then what is left of it, and never less than half.
        (Int64(1_500), Int64(0), Int64(14)), (1_500, 400, 15), (1_500, 500, 15), (1_500, 1_000, 0), (1_500, 1_400, 0),
        (5_000, 4_500, 0), (5_000, 4_000, 15),
    ])
    func `what waits for a decision leaves half of the size to the log`(used: Int64, kept: Int64, target: Int64) {
        let policy = RetentionPolicy(age: nil, size: .bytes(1_000))
        let extent = LogExtent(first: Position(rawValue: 11), head: Position(rawValue: 20), oldest: nil)
        let space = StoreSpace(used: used, onDisk: 0, free: 0)
        #expect(policy.target(of: space, extent, kept: kept, step: 100).rawValue == target)
        #expect(policy.isCrowded(space, kept: kept) == (kept > 500))
    }

    @Test func `a quarantine that fills the store does not push the log out, and is told of once an hour`() async throws
    {
        let rig = try await RetentionRig()
        try await rig.run {
            try await rig.publish(3)
            try await rig.quarantine(20_000)
            let retention = rig.retention(RetentionPolicy(age: nil, size: .bytes(10_000)), [])
            for _ in 0..<3 { try await retention.look() }
            #expect(try await rig.store.logExtent().first.rawValue == 1)
            let alert = try #require(try await rig.alerts(.crowded).first)
            #expect(alert.topic.description == "martlet.AlertEvent.retention-crowded.Store.store")
            #expect(try await rig.alerts(.crowded).count == 1)
            rig.time.advance(by: .seconds(3_600))
            try await retention.look()
            #expect(try await rig.alerts(.crowded).count == 2)

            // What is too much of the log goes all the same.
            try await rig.publish(9)
            try await retention.look()
            #expect(try await rig.store.logExtent().first.rawValue > 1)
        }
    }
}
