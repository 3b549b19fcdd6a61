/// Who gets what on an ``InMemoryEventBus``.
struct EventRoutes: Sendable {
    private struct Subscriber: Sendable {
        let patterns: [TopicPattern]
        let queue: EventQueue
        var isConnected = true
    }

    private var trie = TopicTrie<EventSubscription.ID>()
    private var subscribers: [EventSubscription.ID: Subscriber] = [:]
    private var lastID: UInt64 = 0
    private var found: [EventSubscription.ID] = []

    var count: Int { subscribers.count }

    mutating func add(_ patterns: [TopicPattern], _ queue: EventQueue) -> EventSubscription.ID {
        lastID += 1
        let id = EventSubscription.ID(rawValue: lastID)
        for pattern in patterns { trie.insert(pattern, id) }
        subscribers[id] = Subscriber(patterns: patterns, queue: queue)
        return id
    }

    /// Everyone who wants a topic, each once.
    mutating func subscribers(to topic: Topic) -> [(id: EventSubscription.ID, queue: EventQueue)] {
        found.removeAll(keepingCapacity: true)
        trie.match(topic, into: &found)
        return found.compactMap { id in subscribers[id].map { (id, $0.queue) } }
    }

    /// Routes nothing more to a subscription that has failed; it stays known until it is removed.
    mutating func disconnect(_ id: EventSubscription.ID) {
        guard let subscriber = subscribers[id], subscriber.isConnected else { return }
        subscribers[id]?.isConnected = false
        for pattern in subscriber.patterns { trie.remove(pattern, id) }
    }

    /// Forgets a subscription; its queue, or `nil` where it is unknown.
    mutating func remove(_ id: EventSubscription.ID) -> EventQueue? {
        disconnect(id)
        return subscribers.removeValue(forKey: id)?.queue
    }
}
