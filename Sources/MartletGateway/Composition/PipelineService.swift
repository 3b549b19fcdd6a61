import Logging
import Martlet
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

    static func replays(_ replays: Replays) -> PipelineService {
        PipelineService(work: { await replays.run() }, stop: { replays.stop() })
    }

    static func syncs(_ syncs: Syncs) -> PipelineService {
        PipelineService(work: { await syncs.run() }, stop: { syncs.stop() })
    }

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
    /// For how long an address that is in use is tried again.
    let patience: Duration
    let time: any TimeSource
    let logger: Logger

    func run() async throws {
        let deadline = time.steadyNow + patience
        while true {
            do {
                return try await interface.run()
            } catch let error as ListeningFailure {
                guard error.isInUse, time.steadyNow < deadline else {
                    throw GatewayError(
                        "The server cannot listen on \(address): \(error). Say another address with --listen HOST:PORT, or "
                            + "end what listens there."
                    )
                }
                logger.warning(
                    "The address is still in use; it is tried again.",
                    metadata: ["address": "\(address)", "for": "\(deadline - time.steadyNow)"]
                )
            }
            do {
                try await cancelWhenGracefulShutdown { try await time.sleep(for: .milliseconds(250)) }
            } catch {
                // The end has come first.
                return
            }
        }
    }
}
