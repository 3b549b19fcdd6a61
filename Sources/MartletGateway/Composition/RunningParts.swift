import Logging
import Martlet
import MartletHTTP
import MartletPipeline
import Synchronization

/// The sources and forwarders of a running server, each a task of its service; a reload adds to them and takes away.
final class RunningParts: Sendable {
    /// The sources, by name.
    private final class Sources: Sendable {
        private let sources = Mutex<[String: RunningSource]>([:])

        var all: [RunningSource] { sources.withLock { Array($0.values) } }

        func exchange(_ name: String, for source: RunningSource?) -> RunningSource? {
            sources.withLock { sources in
                defer { sources[name] = source }
                return sources[name]
            }
        }
    }

    let pipeline: Pipeline
    /// What the HTTP interface knows of the sources.
    let doors: HTTPInterface.Doors
    /// Who may read over the HTTP interface.
    let readers = HTTPInterface.Readers()
    let forwarderService: PartsService
    let sourceService: PartsService
    private let sources = Sources()
    private let logger: Logger

    init(pipeline: Pipeline, doors: HTTPInterface.Doors, logger: Logger) {
        self.pipeline = pipeline
        self.doors = doors
        self.logger = logger
        forwarderService = PartsService { for forwarder in pipeline.forwarders.all { forwarder.stop() } }
        sourceService = PartsService { [sources] in for source in sources.all { source.stop() } }
    }

    /// Starts a source, or puts another in the place of the one of its name when that has ended.
    ///
    /// - Parameter isFatal: whether an error of the source ends the program.
    func start(_ part: SourcePart, isFatal: Bool = false) async {
        let name = part.port.name
        let source = RunningSource(part, isFatal: isFatal, logger: logger)
        await sources.exchange(name, for: nil)?.stopAndWait()
        pipeline.sources[name] = part.port
        doors[name] = part.door
        _ = sources.exchange(name, for: source)
        if !sourceService.add({ try await source.run() }) { _ = sources.exchange(name, for: nil) }
    }

    /// Stops a source, and returns when it has ended.
    func stopSource(_ name: String) async {
        // The door first: what comes later is refused, and sent to another.
        doors[name] = nil
        await sources.exchange(name, for: nil)?.stopAndWait()
        pipeline.sources[name] = nil
    }

    /// Starts a forwarder.
    func start(_ forwarder: Forwarder) {
        pipeline.forwarders.add(forwarder)
        forwarderService.add { await forwarder.run() }
    }

    /// Ends a forwarder, and returns when it has ended and its progress is on disk.
    ///
    /// - Throws: ``IntakeError`` or ``StoreError``; it has ended all the same, and `Forwarder.retire` is to be called again.
    func retire(_ forwarder: Forwarder) async throws {
        pipeline.forwarders.remove(forwarder)
        try await forwarder.retire()
    }
}
