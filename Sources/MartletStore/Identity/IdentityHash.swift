import Martlet

/// What an event is known by: the hash of its cloud, source, id and content, and the second of its own time.
struct IdentityHash {
    private let hash: SipHash
    private var message: [UInt8] = []

    /// - Parameter key: the store's; another is made of it than the resources' names have: neither hash tells anything of the
    ///   other.
    init(key: SipHash.Key) { hash = SipHash(key: SipHash.Key(low: ~key.low, high: key.high)) }

    mutating func digest(of event: Event) -> UInt64 {
        message.removeAll(keepingCapacity: true)
        for part in [event.cloud, event.source, event.id] {
            message.append(contentsOf: part.utf8)
            message.append(0xFF)  // no byte of UTF-8
        }
        message.append(contentsOf: event.payload.original)
        return message.withUnsafeBytes { hash($0) }
    }

    /// The second of the event's own time; those without one are all together.
    static func second(of event: Event) -> Int64 {
        guard let time = event.time else { return 0 }
        return time.nanoseconds / 1_000_000_000
    }
}
