import Logging
import Martlet
@testable import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// A store in memory, two forwarders of which each has a stance, and retention beside them.
struct RetentionRig {
    /// Delivers, or is unavailable for as long as the test says.
    final class SwitchedSink: Sink {
        let delivery = SinkDelivery(mode: .independent, maximumEvents: 1, concurrency: 1)
        private let isOpen: Mutex<Bool>

        init(isOpen: Bool) { self.isOpen = Mutex(isOpen) }

        func send(_ batch: OutgoingBatch) async -> BatchOutcome {
            .whole(isOpen.withLock { $0 } ? .delivered : .unavailable("no answer"))
        }

        func close() async {}
    }

    let store: InMemoryEventStore
    let time: ManualTime
    let dispatcher: Dispatcher
    let intake: Intake

    init(sharing store: InMemoryEventStore = InMemoryEventStore(), time: ManualTime = ManualTime()) async throws {
        self.store = store
        self.time = time
        dispatcher = Dispatcher(head: try await store.head())
        intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: RetentionRig.silence)
    }

    static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func forwarder(_ name: String, _ stance: RetentionStance, isOpen: Bool = false) async throws -> Forwarder {
        let sink = SwitchedSink(isOpen: isOpen)
        var window = DeliveryWindow.Configuration(delivery: sink.delivery)
        window.retry.jitter = .none
        window.retry.initialDelay = .seconds(3_600)
        return Forwarder(
            Forwarder.Configuration(
                name: name,
                filter: EventFilter(),
                body: .event,
                gate: Gate(),
                window: window,
                retention: stance
            ),
            record: try await store.openForwarder(name: name, start: .zero),
            sink: sink,
            store: store,
            intake: intake,
            dispatcher: dispatcher,
            time: time,
            logger: RetentionRig.silence
        )
    }

    func retention(_ policy: RetentionPolicy, _ forwarders: [Forwarder]) -> Retention {
        Retention(policy: policy, store: store, intake: intake, time: time, logger: RetentionRig.silence) { forwarders }
    }

    /// Commits events, each with a body of a thousand bytes.
    func publish(_ count: Int) async throws {
        let items = (0..<count).map { _ in
            IntakeItem.event(
                StoreProbe.event("", machine: nil, content: "{\"x\":\"\(String(repeating: "x", count: 992))\"}"),
                nil
            )
        }
        _ = try await intake.submit(IntakeBatch(source: "s", items: items))
    }

    /// Commits something unreadable of a size.
    func quarantine(_ size: Int) async throws {
        let item = IntakeItem.unreadable(
            QuarantineDraft(bytes: Array(repeating: UInt8(ascii: "x"), count: size)[...], reason: "unreadable")
        )
        _ = try await intake.submit(IntakeBatch(source: "s", items: [item]))
    }

    /// Runs the intake and forwarders around the body, and stops them.
    func run(_ forwarders: [Forwarder] = [], _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await intake.run() }
            for forwarder in forwarders { group.addTask { await forwarder.run() } }
            func stop() {
                for forwarder in forwarders { forwarder.stop() }
                intake.stop()
            }
            do { try await body() } catch {
                stop()
                throw error
            }
            stop()
            try await group.waitForAll()
        }
    }

    func status(_ name: String) async throws -> ForwarderStatus {
        try await intake.save()
        let status = try #require(try await store.forwarderStatuses().first { $0.name == name })
        let counts = status.counts
        let sum = counts.delivered + counts.filtered + counts.dead + counts.skipped + status.pending
        #expect(sum == status.committed, "The five numbers of \(name) add up.")
        return status
    }

    /// The alerts of a kind that have been committed.
    func alerts(_ kind: RetentionAlert.Kind) async throws -> [Event] {
        try await store.page(after: .zero, limit: .max, maximumBytes: .max).map(\.event)
            .filter { $0.type == "martlet.retention.\(kind.rawValue)" }
    }
}
