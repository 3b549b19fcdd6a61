package import Martlet
import Synchronization

/// Feeds the forwarders that have caught up from memory, straight after a commit.
///
/// One pass through the topic trie finds whom an event concerns; the cost of an event does not grow with the number of
/// forwarders that do not want it. A forwarder that falls behind its bound is detached and reads pages from the store until
/// it has caught up again.
package final class Dispatcher: Sendable {
    /// Events that wait for one forwarder, before it is detached: two of the largest groups that the intake commits, since one
    /// that is still busy with the last group has not fallen behind. They are the same events for all forwarders.
    package static let capacity = 4_096

    private let capacity: Int
    /// Their payload bytes, at the most.
    private static let capacityInBytes = 4 << 20

    private struct Feed {
        var isAttached = false
        /// Whether what a sync has found concerns it.
        let takesSync: Bool
        var buffer: [StoredEvent] = []
        var byteCount = 0
        let wake: @Sendable () -> Void

        func takes(sync isSync: Bool) -> Bool { isAttached && (takesSync || !isSync) }

        /// Buffers events for an attached forwarder, or detaches it where they would be too many.
        mutating func add(_ events: [StoredEvent], capacity: Int) {
            guard isAttached else { return }
            byteCount += events.reduce(0) { $0 + $1.event.payload.original.count }
            if buffer.count + events.count > capacity || byteCount > Dispatcher.capacityInBytes {
                (isAttached, buffer, byteCount) = (false, [], 0)
            } else {
                buffer.append(contentsOf: events)
            }
        }
    }

    private struct State {
        var head: Position
        var routes = TopicTrie<ForwarderID>()
        var feeds: [ForwarderID: Feed] = [:]
        /// Those who wait for something to be committed after a position.
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0

        mutating func insert(_ forwarder: ForwarderID, _ filter: EventFilter) {
            for pattern in State.patterns(of: filter) { routes.insert(pattern, forwarder) }
        }

        mutating func remove(_ forwarder: ForwarderID, _ filter: EventFilter) {
            for pattern in State.patterns(of: filter) { routes.remove(pattern, forwarder) }
        }

        private static func patterns(of filter: EventFilter) -> Set<TopicPattern> {
            filter.matches.isEmpty ? [.everything] : Set(filter.matches.map(\.pattern))
        }

        /// Takes out the waiters whose position has been passed.
        mutating func takeWoken() -> [Waiter] {
            let woken = waiters.filter { $0.value.position < head }
            for id in woken.keys { waiters[id] = nil }
            return Array(woken.values)
        }
    }

    private struct Waiter {
        let position: Position
        let continuation: CheckedContinuation<Void, Never>
    }

    private let state: Mutex<State>

    package init(head: Position, capacity: Int = Dispatcher.capacity) {
        self.capacity = capacity
        state = Mutex(State(head: head))
    }

    /// The last position committed, as far as the forwarders are told.
    package var head: Position { state.withLock { $0.head } }

    /// Makes a forwarder known.
    ///
    /// - Parameter wake: called, on no particular thread, when there is something for it.
    package func register(_ forwarder: ForwarderID, filter: EventFilter, wake: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.insert(forwarder, filter)
            state.feeds[forwarder] = Feed(takesSync: filter.takesSync, wake: wake)
        }
    }

    /// Forgets a forwarder: it is fed and woken no more.
    package func unregister(_ forwarder: ForwarderID, filter: EventFilter) {
        state.withLock { state in
            state.remove(forwarder, filter)
            state.feeds[forwarder] = nil
        }
    }

    /// Gives a forwarder another filter. It is detached, and reads from the store what it has not read yet.
    func reroute(_ forwarder: ForwarderID, from former: EventFilter, to filter: EventFilter) {
        state.withLock { state in
            guard let feed = state.feeds[forwarder] else { return }
            state.remove(forwarder, former)
            state.insert(forwarder, filter)
            state.feeds[forwarder] = Feed(takesSync: filter.takesSync, wake: feed.wake)
        }
    }

    /// Feeds a forwarder from now on, if it has read everything up to the head.
    ///
    /// - Returns: whether it is attached; otherwise it has more to read from the store.
    func attach(_ forwarder: ForwarderID, readThrough: Position) -> Bool {
        state.withLock { state in
            guard state.head == readThrough else { return false }
            state.feeds[forwarder]?.isAttached = true
            return true
        }
    }

    /// What has come for an attached forwarder since it last asked; `nil` when it has been detached.
    func take(_ forwarder: ForwarderID) -> (events: [StoredEvent], through: Position)? {
        state.withLock { state in
            guard var feed = state.feeds[forwarder], feed.isAttached else { return nil }
            let events = feed.buffer
            feed.buffer = []
            feed.byteCount = 0
            state.feeds[forwarder] = feed
            return (events, state.head)
        }
    }

    /// Takes what has been committed, ascending.
    package func publish(_ events: [StoredEvent], head: Position) {
        let (woken, waiters) = state.withLock { state -> ([@Sendable () -> Void], [Waiter]) in
            state.head = head
            var concerned: [ForwarderID: [StoredEvent]] = [:]
            var found: [ForwarderID] = []
            // One that is detached looks for itself until it has caught up, and needs no waking.
            let isAnyoneFed = state.feeds.values.contains { $0.isAttached }
            for event in events where isAnyoneFed {
                found.removeAll(keepingCapacity: true)
                state.routes.match(event.event.topic, into: &found)
                // One that lags reads pages by itself when it has room, and is not woken for what it cannot take.
                let isSync = event.event.isSync
                for forwarder in found where state.feeds[forwarder]?.takes(sync: isSync) == true {
                    concerned[forwarder, default: []].append(event)
                }
            }
            for (forwarder, events) in concerned {
                state.feeds[forwarder]?.add(events, capacity: capacity)
            }
            return (concerned.keys.compactMap { state.feeds[$0]?.wake }, state.takeWoken())
        }
        for wake in woken { wake() }
        for waiter in waiters { waiter.continuation.resume() }
    }
}

// MARK: - Following the log

extension Dispatcher {
    /// Returns when something has been committed after a position, when time is up, or when the task is cancelled.
    package func waitForHead(after position: Position, atMost duration: Duration, time: any TimeSource) async {
        await withTaskGroup { group in
            group.addTask { await self.waitForHead(after: position) }
            // A cancelled sleep is the commit that came first, or the caller's own cancellation.
            group.addTask { try? await time.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    private func waitForHead(after position: Position) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // Asked within the lock: a cancellation from now on finds the waiter.
                    if state.head > position || Task.isCancelled { return true }
                    state.waiters[id] = Waiter(position: position, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
    }
}
