import Hummingbird
import Logging
import NIOCore
import Synchronization

/// What accompanies a request through middleware to its handler.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection; `nil` where there is none, in tests.
    let channel: (any Channel)?
    /// Whether the body has been read to its end.
    let bodyState = BodyState()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// A context without a connection.
    init(logger: Logger) {
        coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
        channel = nil
    }

    private struct LoggerSource: RequestContextSource {
        let logger: Logger
    }
}

/// Remembers whether a request's body has been read to its end.
final class BodyState: Sendable {
    private let hasEnded = Atomic(false)

    var isRead: Bool { hasEnded.load(ordering: .relaxed) }

    func markRead() { hasEnded.store(true, ordering: .relaxed) }
}
