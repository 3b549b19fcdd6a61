import Martlet
import Synchronization

/// What a source of notifications keeps from one session to the next.
final class NotificationState: Sendable {
    private struct State {
        var memory = ExchangeMemory()
        var lastAnswer: Timestamp?
        var lastLook: Timestamp?
        var defaultQueues = DefaultQueues()
    }

    let settings: NotificationSettings
    private let state = Mutex(State())

    init(settings: NotificationSettings) { self.settings = settings }

    var memory: ExchangeMemory {
        get { state.withLock { $0.memory } }
        set { state.withLock { $0.memory = newValue } }
    }

    /// When the broker last answered: until then it had not been started anew. `nil` before the first session.
    var lastAnswer: Timestamp? { state.withLock { $0.lastAnswer } }
    /// When the exchanges were last looked at; `nil` before the first session.
    var lastLook: Timestamp? { state.withLock { $0.lastLook } }

    func isAnswered(at now: Timestamp) { state.withLock { $0.lastAnswer = now } }

    func hasLooked(at now: Timestamp) { state.withLock { ($0.lastAnswer, $0.lastLook) = (now, now) } }

    /// Messages have come to the source's own queue: by each of their keys a publisher has made a queue of its own.
    func saw(_ deliveries: [AMQPDelivery]) {
        guard settings.drainsDefaultQueues else { return }
        state.withLock { state in
            var last: String?
            for delivery in deliveries where delivery.routingKey != last {
                state.defaultQueues.isInUse(delivery.routingKey)
                last = delivery.routingKey
            }
        }
    }

    func withDefaultQueues<Value: Sendable>(_ body: (inout DefaultQueues) -> sending Value) -> Value {
        state.withLock { body(&$0.defaultQueues) }
    }
}
