/// How the services behind oslo.messaging declare their exchanges, where somebody has said so.
package struct PublisherFlags: Sendable, Hashable {
    /// `amqp_durable_queues`, or `rabbit_quorum_queue`, which implies it.
    package var isDurable: Bool?
    /// `amqp_auto_delete`.
    package var isAutoDelete: Bool?

    package init(isDurable: Bool? = nil, isAutoDelete: Bool? = nil) {
        self.isDurable = isDurable
        self.isAutoDelete = isAutoDelete
    }
}
