import Foundation
package import Logging
import Martlet
package import MartletPipeline
import MartletStore

/// A look at a broker: one source, the way into the log, and a store that is gone afterwards.
///
/// Everything between source and store is what a server has; there are no forwarders and no API. Nothing that it reads is
/// taken away from anybody: its source sees to that.
package struct Trial: Sendable {
    /// Makes the source; reaches no network yet.
    package typealias MakeSource = @Sendable (SourcePort, any EventStore, ComponentContext) throws -> any Source

    /// The name of its only source, and so its cloud's.
    package static let sourceName = "try"

    /// Where it reads: `kafka://k1:9092/cs`, without credentials.
    package var place: String
    package var transport: TrialAddress.Transport
    package var decoder: any EventDecoder
    /// What is not wrong with the address, but worth a word.
    package var warnings: [String] = []
    /// What is to be found at the broker while nothing comes.
    package var findings: @Sendable () async -> [TrialFinding]
    package var time: any TimeSource
    package var logger: Logger
    /// Where its temporary directory is made.
    package var temporaryDirectory = FileManager.default.temporaryDirectory.path
    private let makeSource: MakeSource

    /// - Parameters:
    ///   - findings: what to say of the broker while nothing comes; asked only then.
    ///   - makeSource: reads from the beginning where there is one, and commits nothing upstream.
    package init(
        place: String,
        transport: TrialAddress.Transport,
        decoder: any EventDecoder,
        findings: @escaping @Sendable () async -> [TrialFinding] = { [] },
        time: any TimeSource = SystemTime(),
        logger: Logger,
        makeSource: @escaping MakeSource
    ) {
        self.place = place
        self.transport = transport
        self.decoder = decoder
        self.findings = findings
        self.time = time
        self.logger = logger
        self.makeSource = makeSource
    }

    /// Runs the trial for as long as `body` takes, and removes what it left.
    ///
    /// - Throws: what `body` throws, ``ComponentError``, ``StoreError``, and what ends the source.
    package func run<Value: Sendable>(_ body: @escaping @Sendable (RunningTrial) async throws -> Value) async throws
        -> Value
    {
        let directory = try TrialDirectory(in: temporaryDirectory)
        defer { directory.remove() }
        var options = StoreOptions()
        // Nobody misses it after a power failure.
        options.durability = .relaxed
        options.logger = logger
        let store = try await SQLiteEventStore.open(at: directory.path, options: options)
        let result: Result<Value, any Error>
        do {
            result = .success(try await run(on: store, body))
        } catch {
            result = .failure(error)
        }
        try await store.close()
        return try result.get()
    }

    private enum Ending<Value: Sendable>: Sendable {
        case part
        case body(Value)
    }

    private func run<Value: Sendable>(
        on store: SQLiteEventStore,
        _ body: @escaping @Sendable (RunningTrial) async throws -> Value
    ) async throws -> Value {
        let dispatcher = Dispatcher(head: try await store.head())
        let intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: logger)
        let port = SourcePort(
            origin: Origin(sourceName: Self.sourceName),
            decoder: decoder,
            ignore: [],
            intake: intake,
            time: time
        )
        let context = ComponentContext(name: Self.sourceName, body: .event, time: time, logger: logger)
        let source = try makeSource(port, store, context)
        let trial = RunningTrial(port: port, store: store, dispatcher: dispatcher, time: time)
        return try await withThrowingTaskGroup(of: Ending<Value>.self) { group in
            group.addTask {
                await store.run()
                return .part
            }
            group.addTask {
                await intake.run()
                return .part
            }
            group.addTask {
                try await source.run()
                return .part
            }
            group.addTask { .body(try await body(trial)) }
            while let ending = try await group.next() {
                guard case .body(let value) = ending else { continue }
                group.cancelAll()
                return value
            }
            // Only the body's own end leaves the loop before.
            throw CancellationError()
        }
    }
}
