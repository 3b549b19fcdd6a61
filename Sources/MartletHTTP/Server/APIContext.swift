import Hummingbird
import Logging
import MartletClient
import NIOCore
import Synchronization

/// What accompanies a request through middleware to its handler.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection; `nil` where there is none, in tests.
    let channel: (any Channel)?
    /// Whether the body has been read to its end.
    let bodyState = BodyState()
    /// Who asks, where somebody has looked.
    var knownCaller: Caller?

    /// Who asks.
    ///
    /// - Throws: a problem where nobody has looked, so that nothing is shown to whom nobody knows.
    var caller: Caller {
        get throws(Problem) {
            guard let knownCaller else { throw Problem(.unauthorized, "Authentication is needed.") }
            return knownCaller
        }
    }

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

/// Remembers whether a request's body has been read to its end, and how much of the budget it holds for as long as the
/// request is under way.
final class BodyState: Sendable {
    private let hasEnded = Atomic(false)
    private let held = Mutex<(budget: BodyBudget, count: Int)?>(nil)

    deinit { held.withLock { held in held.map { $0.budget.give($0.count) } } }

    /// Holds so many bytes more; tells whether they were there.
    func hold(_ count: Int, of budget: BodyBudget) -> Bool {
        guard budget.take(count) else { return false }
        held.withLock { $0 = (budget, ($0?.count ?? 0) + count) }
        return true
    }

    var isRead: Bool { hasEnded.load(ordering: .relaxed) }

    func markRead() { hasEnded.store(true, ordering: .relaxed) }
}
