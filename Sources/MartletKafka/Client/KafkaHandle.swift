import CRdKafka
import Glibc
import Logging

/// A client of librdkafka, its queue of events, and its log.
///
/// One thread makes it, uses it and lets go of it: letting go waits for librdkafka's own threads.
final class KafkaHandle {
    enum Kind {
        case consumer, producer
    }

    /// librdkafka's client.
    let client: OpaquePointer
    /// What it reports: records and rebalances of a consumer, deliveries of a producer, errors, statistics.
    let queue: OpaquePointer
    /// Where it leads, for messages.
    let place: String
    private let log: Unmanaged<KafkaLog>
    private var isAbandoned = false

    /// Makes a client; reaches no network.
    ///
    /// - Parameters:
    ///   - properties: by librdkafka's names.
    ///   - events: what comes as events, of `RD_KAFKA_EVENT_…`.
    /// - Throws: what librdkafka has against a property.
    init(
        _ kind: Kind,
        properties: [String: String],
        events: Int32,
        place: String,
        logger: Logger
    ) throws(KafkaError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard let configuration = rd_kafka_conf_new() else { throw Self.refusal("no memory", at: place) }
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            guard rd_kafka_conf_set(configuration, name, value, &reason, reason.count) != RD_KAFKA_CONF_OK else {
                continue
            }
            rd_kafka_conf_destroy(configuration)
            // The library's words may quote the value, which may be a secret.
            throw Self.refusal("librdkafka does not take the value of \(name)", at: place)
        }
        rd_kafka_conf_set_events(configuration, events)
        rd_kafka_conf_set_log_cb(configuration) { client, level, _, text in
            guard let client, let opaque = rd_kafka_opaque(client), let text else { return }
            Unmanaged<KafkaLog>.fromOpaque(opaque).takeUnretainedValue().write(String(cString: text), level: level)
        }
        log = Unmanaged.passRetained(KafkaLog(logger: logger))
        rd_kafka_conf_set_opaque(configuration, log.toOpaque())
        let type = kind == .consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER
        guard let client = rd_kafka_new(type, configuration, &reason, reason.count) else {
            // Only then it stays the caller's.
            rd_kafka_conf_destroy(configuration)
            log.release()
            throw Self.refusal(reason.text, at: place)
        }
        if kind == .consumer { rd_kafka_poll_set_consumer(client) }
        guard let queue = kind == .consumer ? rd_kafka_queue_get_consumer(client) : rd_kafka_queue_get_main(client)
        else {
            rd_kafka_destroy(client)
            log.release()
            throw Self.refusal("the client has no queue: group.id is missing", at: place)
        }
        self.client = client
        self.queue = queue
        self.place = place
    }

    /// Leaves the client where it is, closed and of no more use, because letting go of it would end the process.
    ///
    /// librdkafka before 2.3 asserts, when a member of a group goes, that it has been given an assignment
    /// (<https://github.com/confluentinc/librdkafka/issues/4312>).
    func abandon() { isAbandoned = true }

    /// Takes what an abandoned client goes on to report, statistics above all, once a second for as long as the process lasts:
    /// its queue has no bound. Returns at once where the client has not been abandoned.
    ///
    /// What is left of such a client is librdkafka's threads, and this one.
    func emptyIfAbandoned() {
        while isAbandoned {
            while let event = poll(milliseconds: 0) { _ = event.type }
            sleep(1)
        }
    }

    deinit {
        guard !isAbandoned else { return }
        rd_kafka_queue_destroy(queue)
        // A consumer is closed before, where there is time for it; here nothing may wait for the broker.
        rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
        log.release()
    }

    /// The next event, waiting for one at most so long.
    func poll(milliseconds: Int32) -> KafkaEvent? { KafkaEvent(rd_kafka_queue_poll(queue, milliseconds)) }

    /// An error of this client.
    func error(_ code: rd_kafka_resp_err_t, topic: String? = nil) -> KafkaError {
        KafkaError(code, at: place, topic: topic)
    }

    private static func refusal(_ reason: String, at place: String) -> KafkaError {
        KafkaError(.configuration, reason, at: place, remedy: "correct the properties")
    }
}

extension [CChar] {
    /// The text up to the first zero.
    var text: String { String(decoding: prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}
