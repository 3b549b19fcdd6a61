/// The properties that Martlet's promises depend on: what it sets itself, and what may not be set otherwise.
enum OwnProperties {
    /// Of a consumer. The offset is part of the store's commit, and is only mirrored to the group; one that is out of range
    /// is a gap alert, never a silent reset.
    static let consumer = [
        "enable.auto.commit": "false",
        "enable.auto.offset.store": "false",
        "auto.offset.reset": "error",
    ]

    /// Of a consumer, where nothing else is said: bounded memory, and rebalances that interrupt nobody.
    static let consumerDefaults = [
        "partition.assignment.strategy": "cooperative-sticky",
        "queued.max.messages.kbytes": "16384",
        "isolation.level": "read_committed",
        // How long the partitions of a Martlet that was killed wait for the one that is started in its place.
        "session.timeout.ms": "10000",
        "socket.keepalive.enable": "true",
        "socket.nagle.disable": "true",
    ]

    /// Of a producer, where nothing else is said: no repetition and no change of order by its own retries, bounded memory,
    /// an answer within half a minute, and the partitions that Java's clients choose.
    static let producerDefaults = [
        "enable.idempotence": "true",
        "request.required.acks": "all",
        "message.timeout.ms": "30000",
        "queue.buffering.max.kbytes": "32768",
        "queue.buffering.max.ms": "1",
        "partitioner": "murmur2_random",
        // How long a topic that is not there may still appear.
        "topic.metadata.propagation.max.ms": "5000",
        "socket.keepalive.enable": "true",
        "socket.nagle.disable": "true",
    ]

    /// What may not be set, by librdkafka's names, each with the reason.
    static let reserved = [
        "auto.commit.enable": offsets,
        "auto.commit.interval.ms": offsets,
        "auto.offset.reset": "where to begin says `start`, and an offset that is gone is a gap, never a reset",
        "consume.callback.max.messages": batches,
        "delivery.report.only.error": "Martlet has to hear of each delivery",
        "enable.auto.commit": offsets,
        "enable.auto.offset.store": offsets,
        "enable.gapless.guarantee": "Martlet keeps the order itself, and goes on after an error",
        "enable.partition.eof": batches,
        "enabled_events": batches,
        "log.queue": "the library's log goes into Martlet's",
        "offset.store.method": offsets,
        "offset.store.path": offsets,
        "offset.store.sync.interval.ms": offsets,
        "statistics.interval.ms": "Martlet lives by them: what waits for a broker is tried again with each",
        "queuing.strategy": "the order within a resource would be lost",
        "transactional.id": "Martlet uses no transactions: an event is at least once there",
        "transaction.timeout.ms": "Martlet uses no transactions: an event is at least once there",
    ]

    private static let offsets = "the next offset is part of the store's commit, so that nothing is lost or repeated"
    private static let batches = "Martlet drives the consumer itself"
}
