import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

@testable import MartletStore

/// To whom what a sync finds goes, and how fast.
@Suite(.timeLimit(.minutes(3))) struct SyncDeliveryTests {
    /// Takes everything, and counts.
    private final class CountingSink: Sink {
        let delivery = SinkDelivery(mode: .independent, maximumEvents: 10)
        private let topics = Mutex<[String]>([])

        var received: [String] { topics.withLock { $0 } }

        func send(_ batch: OutgoingBatch) async -> BatchOutcome {
            topics.withLock { $0 += batch.events.map(\.event.topic.text) }
            return .whole(.delivered)
        }

        func close() async {}
    }

    private func forwarder(_ name: String, takesSync: Bool, _ sink: CountingSink, _ rig: SyncRig) async throws
        -> Forwarder
    {
        Forwarder(
            Forwarder.Configuration(
                name: name,
                filter: EventFilter(takesSync: takesSync),
                body: .enriched,
                gate: Gate(),
                window: DeliveryWindow.Configuration(delivery: sink.delivery)
            ),
            record: try await rig.store.openForwarder(name: name, start: .zero),
            sink: sink,
            store: rig.store,
            intake: rig.intake,
            dispatcher: rig.dispatcher,
            time: rig.time,
            logger: LogCapture().logger
        )
    }

    @Test func `forwarders without sync count what a sync found as filtered, and the five numbers add up`() async throws
    {
        try await withTemporaryDirectory { directory in
            try await SyncRig.run(at: directory + "/data", ListedCloud(machines: 4)) { rig in
                let (wanting, other) = (CountingSink(), CountingSink())
                let forwarders = try await [
                    forwarder("wanting", takesSync: true, wanting, rig),
                    forwarder("other", takesSync: false, other, rig),
                ]
                try await withThrowingTaskGroup { group in
                    for forwarder in forwarders { group.addTask { await forwarder.run() } }
                    defer { for forwarder in forwarders { forwarder.stop() } }
                    _ = try await rig.sync()
                    try await rig.event("vm-1", state: "stopped")
                    for number in 2...4 { rig.cloud.set("vm-\(number)") { $0.state = "stopped" } }
                    rig.cloud.set("vm-1") { $0.state = "stopped" }
                    #expect(try await rig.sync().events == 3)
                    try await rig.event("vm-2", state: "active")
                    try await eventually("All is concluded.") {
                        try await rig.intake.save()
                        return try await rig.store.forwarderStatuses().allSatisfy {
                            $0.pending == 0 && $0.committed == 5
                        }
                    }
                    let statuses = try await rig.store.forwarderStatuses()
                    for status in statuses {
                        let counts = status.counts
                        let concluded =
                            counts.delivered + counts.filtered + counts.dead + counts.skipped + status.pending
                        #expect(status.committed == concluded)
                    }
                    let filtered = Dictionary(uniqueKeysWithValues: statuses.map { ($0.name, $0.counts.filtered) })
                    #expect(filtered == ["wanting": 0, "other": 3])
                    #expect(wanting.received.count == 5)
                    #expect(wanting.received.count { $0.contains(".SYNC-CHANGE.") } == 3)
                    #expect(other.received.count == 2 && other.received.allSatisfy { !$0.contains(".SYNC-") })
                }
            }
        }
    }

    @Test func `events are made no faster than they may be, and unchanged resources do not wait`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/data"
            let cloud = ListedCloud(machines: 60)
            try await SyncRig.run(at: path, cloud) { _ = try await $0.sync() }
            for number in 1...30 { cloud.set("vm-\(number)") { $0.state = "stopped" } }
            let time = ManualTime(now: Timestamp(seconds: 1_900_000_000))
            try await SyncRig.run(at: path, cloud, time: time) { rig in
                let begin = time.steadyNow
                let id = try rig.syncs.start(SyncRequest(kind: "openstack", rate: 10)).id
                try await eventually("The sync ends.") {
                    let made = try rig.syncs.status(of: id).events
                    // What the bucket held at the beginning, and one for each tenth of a second that has passed.
                    #expect(Double(made) <= (time.steadyNow - begin).inSeconds * 10 + 2)
                    if time.sleeperCount > 0 { time.advance(by: .milliseconds(100)) }
                    return try rig.syncs.status(of: id).state != .running
                }
                let status = try rig.syncs.status(of: id)
                #expect(status.events == 30 && status.total.unchanged == 30 && status.state == .finished)
                let taken = (time.steadyNow - begin).inSeconds
                #expect(taken >= 2.8)
            }
        }
    }
}
