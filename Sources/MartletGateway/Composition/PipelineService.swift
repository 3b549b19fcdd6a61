import MartletHTTP
import MartletPipeline
import ServiceLifecycle

/// Runs a part of the pipeline under the service group: on a graceful shutdown it is told to stop, and finishes by itself.
struct PipelineService: Service {
    let work: @Sendable () async throws -> Void
    let stop: @Sendable () -> Void

    static func intake(_ intake: Intake) -> PipelineService {
        PipelineService(work: { await intake.run() }, stop: { intake.stop() })
    }

    /// All of them as one service: they stop side by side, so that one that hangs does not add to the others' patience.
    static func forwarders(_ forwarders: [Forwarder]) -> PipelineService {
        PipelineService(
            work: {
                await withDiscardingTaskGroup { group in
                    for forwarder in forwarders { group.addTask { await forwarder.run() } }
                }
                // Without forwarders the service waits for the end like any other.
                if forwarders.isEmpty { try? await gracefulShutdown() }
            },
            stop: { for forwarder in forwarders { forwarder.stop() } }
        )
    }

    static func replays(_ replays: Replays) -> PipelineService {
        PipelineService(work: { await replays.run() }, stop: { replays.stop() })
    }

    /// A source stops where it stands: what it has not acknowledged comes again.
    static func source(_ source: any Source) -> CancellableService { CancellableService { try await source.run() } }

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await work()
        } onGracefulShutdown: {
            stop()
        }
    }
}

/// Runs something that a graceful shutdown cancels; when it ends by itself the rest runs on.
struct CancellableService: Service {
    let work: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await work()
            } catch is CancellationError {
                return
            }
            // An input that has ended, as a file that is not followed, is no reason to stop the server.
            try? await gracefulShutdown()
        }
    }
}

/// Runs the HTTP interface; what keeps it from listening is told with the address and the remedy.
struct ListeningService: Service {
    let interface: HTTPInterface
    let address: Configuration.Listen

    func run() async throws {
        do {
            try await interface.run()
        } catch let error as ListeningFailure {
            throw GatewayError(
                "The server cannot listen on \(address): \(error). Say another address with --listen HOST:PORT, or end what "
                    + "listens there."
            )
        }
    }
}
