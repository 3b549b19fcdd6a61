/// What a session reports by itself, on its own thread: whoever is told must not wait there.
package enum AMQPNotice: Sendable, Hashable {
    /// The broker takes no messages now; its words.
    case blocked(String)
    case unblocked
    /// The broker has ended a consumer, as it does when its queue is deleted: the consumer's tag.
    case consumerEnded(String)
    /// The broker has closed the channel on which messages are consumed and published: what was unacknowledged goes back into
    /// its queue, consumers are gone. The session opens another at once.
    case channelClosed(AMQPError)
    /// The session is over; the last notice.
    case ended(AMQPError)
}
