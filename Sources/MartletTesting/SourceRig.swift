import Logging
import Martlet
package import MartletPipeline

/// What stands behind a source under test: an intake that runs, a store in memory, and a clock that the test moves.
package struct SourceRig: Sendable {
    /// Something that should have happened by the deadline.
    package struct Overdue: Error, CustomStringConvertible {
        package let description: String
    }

    package let store: InMemoryEventStore
    /// The source's clock; the intake has the system's.
    package let time = ManualTime()
    package let intake: Intake
    package let port: SourcePort
    package let context: ComponentContext
    /// How long a test may wait for any one condition.
    package var deadline = Duration.seconds(60)

    private init(store: InMemoryEventStore) {
        self.store = store
        let logger = Logger(label: "source-rig", factory: { _ in SwiftLogNoOpLogHandler() })
        intake = Intake(store: store, dispatcher: Dispatcher(head: .zero), time: SystemTime(), logger: logger)
        port = SourcePort(
            origin: Origin(sourceName: "under-test", cloud: "test"),
            decoder: CloudEventsDecoder(),
            ignore: [],
            intake: intake
        )
        context = ComponentContext(name: "under-test", body: .event, time: time, logger: logger)
    }

    /// Runs a body with a rig whose intake commits meanwhile.
    package static func withRig(
        store: InMemoryEventStore = InMemoryEventStore(),
        _ body: @Sendable (SourceRig) async throws -> Void
    ) async throws {
        let rig = SourceRig(store: store)
        try await withThrowingTaskGroup { group in
            group.addTask { await rig.intake.run() }
            defer { rig.intake.stop() }
            try await body(rig)
        }
    }

    /// Runs a source for as long as a body takes.
    package func run(_ source: any Source, _ body: () async throws -> Void) async throws {
        // A task of its own, so that the source runs beside the body and ends with it, whatever the body throws.
        let running = Task { try await source.run() }
        defer { running.cancel() }
        try await body()
        running.cancel()
        try await running.value
    }

    /// Returns when so many events have been committed.
    ///
    /// - Parameter movingTime: whether the source's clock is moved on meanwhile.
    package func waitForEvents(_ count: Int, movingTime: Bool = false) async throws {
        try await wait(for: "\(count) events in the store") {
            if movingTime { time.advance(by: .seconds(1)) }
            return try await store.head().rawValue >= Int64(count)
        }
    }

    /// Returns when a condition holds; throws ``Overdue`` when the deadline passes before.
    package func wait(for what: String, _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + deadline
        while try await !condition() {
            guard ContinuousClock.now < end else { throw Overdue(description: "No \(what) in \(deadline).") }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// The ids of the events committed, in log order.
    package func eventIDs() async throws -> [String] {
        try await store.page(after: .zero, limit: .max, maximumBytes: .max).map(\.event.id)
    }

    /// CloudEvents of these ids, a line each.
    package static func lines(_ ids: [String]) -> String {
        ids.map { #"{"specversion":"1.0","id":"\#($0)","source":"/test","type":"org.example.line"}"# + "\n" }.joined()
    }
}
