package import Martlet
package import MartletPipeline

/// What a trial has found so far.
package struct RunningTrial: Sendable {
    private static let pageSize = 1_000
    private static let pageBytes = 4 << 20

    private let port: SourcePort
    private let store: any EventStore
    private let dispatcher: Dispatcher
    private let time: any TimeSource

    init(port: SourcePort, store: any EventStore, dispatcher: Dispatcher, time: any TimeSource) {
        self.port = port
        self.store = store
        self.dispatcher = dispatcher
        self.time = time
    }

    /// How the source fares.
    package var source: SourceMonitor.Snapshot { port.monitor.snapshot }

    /// What became of what has come.
    package var counts: IntakeCounters.Counts {
        port.intake.counters.sources[port.name] ?? IntakeCounters.Counts()
    }

    /// The next events in log order; none where the end has been reached.
    package func events(after position: Position) async throws -> [StoredEvent] {
        // Without a look at the disk where nothing has come.
        guard dispatcher.head > position else { return [] }
        return try await store.page(after: position, limit: Self.pageSize, maximumBytes: Self.pageBytes)
    }

    /// The next items that no format could read.
    package func unreadable(after id: Int64) async throws -> [QuarantinedItem] {
        try await store.quarantined(source: nil, after: id, limit: Self.pageSize, maximumBytes: Self.pageBytes)
    }

    /// Returns when more has been committed, or after a while.
    package func waitForMore(after position: Position, atMost duration: Duration) async {
        await dispatcher.waitForHead(after: position, atMost: duration, time: time)
    }

    /// The temporary store's size on disk.
    package func storeBytes() async throws -> Int64 { try await store.sizeInBytes() }
}
