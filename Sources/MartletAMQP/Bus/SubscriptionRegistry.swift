import Martlet
import MartletPipeline
import Synchronization

/// The subscriptions of a bus, and what the broker says of their consumers: noted at once, on the session's thread, whatever
/// else the bus is waiting for.
final class SubscriptionRegistry: Sendable {
    private struct State: Sendable {
        var subscriptions: [EventSubscription.ID: BusSubscription] = [:]
        /// Those that are being given their first consumer by whoever subscribes.
        var beginning: Set<EventSubscription.ID> = []
        var lastID: UInt64 = 0
        var isClosed = false
    }

    /// Rung when a subscription may lack its consumer, and when the bus is closed.
    let bell = Doorbell()
    private let state = Mutex(State())

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Those that lack a consumer; in the order in which they were made.
    var detached: [BusSubscription] {
        state.withLock { state in
            state.subscriptions.values.filter { !state.beginning.contains($0.id) && $0.isDetached }
        }
        .sorted { $0.id.rawValue < $1.id.rawValue }
    }

    func makeID() -> EventSubscription.ID {
        state.withLock { state in
            state.lastID += 1
            return EventSubscription.ID(rawValue: state.lastID)
        }
    }

    /// Takes up a subscription that is about to be given its first consumer.
    func add(_ subscription: BusSubscription) {
        state.withLock { state in
            state.subscriptions[subscription.id] = subscription
            state.beginning.insert(subscription.id)
        }
    }

    /// The subscription has had its first consumer: from now on it is given another where it lacks one.
    ///
    /// - Returns: whether the bus is still open.
    func keep(_ id: EventSubscription.ID) -> Bool {
        let isOpen = state.withLock { state in
            state.beginning.remove(id)
            if state.isClosed { state.subscriptions[id] = nil }
            return !state.isClosed
        }
        bell.ring()
        return isOpen
    }

    func remove(_ id: EventSubscription.ID) -> BusSubscription? {
        state.withLock { state in
            state.beginning.remove(id)
            return state.subscriptions.removeValue(forKey: id)
        }
    }

    /// Lets go of all; the bus is closed.
    func close() -> [BusSubscription] {
        let all = state.withLock { state in
            state.isClosed = true
            defer { state.subscriptions = [:] }
            return Array(state.subscriptions.values)
        }
        bell.ring()
        return all
    }

    /// Takes what the broker reports of a connection.
    ///
    /// - Parameter owner: whose connection it is; `nil` for that of all who have none of their own.
    func take(_ notice: AMQPNotice, of owner: EventSubscription.ID?) {
        switch notice {
        case .consumerEnded(let tag): forEach(of: owner) { $0.consumerEnded(tag) }
        case .channelClosed: forEach(of: owner) { $0.consumerEnded(nil) }
        case .ended: break
        case .blocked, .unblocked: return
        }
        bell.ring()
    }

    private func forEach(of owner: EventSubscription.ID?, _ body: (BusSubscription) -> Void) {
        for subscription in state.withLock({ Array($0.subscriptions.values) })
        where owner.map({ $0 == subscription.id }) ?? !subscription.isNamed {
            body(subscription)
        }
    }
}
