/// Tells when a queue was as full as it may be, so that the broker may have dropped its oldest messages; pure.
///
/// RabbitMQ does not say over AMQP that it has dropped any. So the messages that were in the queue at one moment are weighed as
/// they come out: where there was no room for one more, the limit was reached. A lower limit of a policy is not known
/// here, and goes unnoticed.
struct OverflowWatch: Sendable {
    /// In bytes of bodies, as the broker counts; nothing is told where it is 0.
    private let limit: Int
    /// How many of the messages that were in the queue have not come yet.
    private var remaining = 0
    private var count = 0
    private var bytes = 0
    /// Once told, only a queue that had room again makes it tell anew.
    private var hasTold = false

    init(limit: Int) { self.limit = limit }

    /// The queue has so many messages at this moment.
    mutating func sees(messages: Int) {
        guard limit > 0, remaining == 0, messages > 0 else { return }
        (remaining, count, bytes) = (messages, messages, 0)
    }

    /// A message has come; true where it was the last of a full queue.
    mutating func receives(bytes size: Int) -> Bool {
        guard remaining > 0 else { return false }
        remaining -= 1
        bytes += size
        guard remaining == 0 else { return false }
        let isFull = bytes + bytes / count >= limit || bytes >= limit / 100 * 97
        defer { hasTold = isFull }
        return isFull && !hasTold
    }

    /// What was left will come again, or to another.
    mutating func forget() { remaining = 0 }
}
