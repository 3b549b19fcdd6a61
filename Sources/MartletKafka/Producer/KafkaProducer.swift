import CRdKafka
package import Logging
import MartletPipeline
import Synchronization

/// Sends records to Kafka and hears what became of each, on a thread of its own.
///
/// It is idempotent: what it repeats by itself is there once and in order. A client that librdkafka has given up is replaced
/// with the next batch. Where the brokers refuse idempotence, being older than 0.11 or by their rights, it goes on without,
/// one request at a time, and says so once. Nothing is started before the first batch.
package final class KafkaProducer: Sendable {
    /// Where it leads, without credentials.
    package let place: String
    private let properties: [String: String]
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var client: Client?
        var isIdempotent: Bool
        var isClosed = false
    }

    /// One client of librdkafka and its thread.
    private final class Client: Sendable {
        let inbox = KafkaInbox<ProducerLoop>()
        /// Why there is none.
        let failure = Mutex<KafkaError?>(nil)
    }

    package init(_ settings: KafkaSettings, logger: Logger) {
        place = settings.place
        properties = settings.producerProperties
        self.logger = logger
        state = Mutex(State(isIdempotent: settings.producerProperties["enable.idempotence"] == "true"))
    }

    deinit { state.withLock { $0.client?.inbox.stop() } }

    /// Sends records to a topic, in order; those of one key keep it.
    ///
    /// It ends when all have been delivered or one has failed, after the time-out of a message at the latest; cancelled, at
    /// once.
    ///
    /// - Parameter isAlone: whether nobody else sends at the same time, so that nothing of a cancelled batch need arrive later.
    /// - Returns: a fate for each record: delivered up to the first failure, untried behind it.
    package func send(_ records: [ProducerRecord], to topic: String, isAlone: Bool) async -> [RecordFate] {
        guard !records.isEmpty else { return [] }
        var fates: [RecordFate] = []
        // A client that ended before it took the batch is replaced, and one that may not be idempotent as well.
        for _ in 0..<3 {
            guard !Task.isCancelled, let client = client() else { return failure(.closed(at: place), of: records) }
            fates = await send(PendingSend(records, to: topic), through: client, isAlone: isAlone)
            guard !Task.isCancelled, case .failed(let error) = fates[0], mayGoOn(after: error, of: client) else {
                break
            }
        }
        return fates
    }

    /// Ends it; what is on its way fails.
    package func close() async {
        let client = state.withLock { state in
            state.isClosed = true
            defer { state.client = nil }
            return state.client
        }
        await client?.inbox.stopAndWait()
    }

    private func send(_ send: PendingSend, through client: Client, isAlone: Bool) async -> [RecordFate] {
        let closed = KafkaError.closed(at: place)
        return await withTaskCancellationHandler {
            client.inbox.submit { loop in
                guard let loop else { return send.end(client.failure.withLock { $0 } ?? closed) }
                loop.begin(send)
            }
            return await send.fates()
        } onCancel: {
            // At once, whatever the thread is at; then it is told.
            send.end(closed)
            client.inbox.submit { $0?.forget(send, isAlone: isAlone) }
        }
    }

    private func failure(_ error: KafkaError, of records: [ProducerRecord]) -> [RecordFate] {
        records.indices.map { $0 == 0 ? .failed(error) : .untried }
    }

    /// Whether the batch may go through another client; this one is not used again where it has ended.
    private func mayGoOn(after error: KafkaError, of client: Client) -> Bool {
        guard error.code == .closed || error.code == .fatal else { return false }
        let (isRefused, isClosed) = state.withLock { state -> (Bool, Bool) in
            if state.client === client { state.client = nil }
            let isRefused = state.isIdempotent && Self.refusals.contains(error.libraryCode)
            if isRefused { state.isIdempotent = false }
            return (isRefused, state.isClosed)
        }
        if isRefused {
            logger.warning(
                "The brokers refuse idempotence: records that are sent again may be there twice.",
                metadata: ["place": "\(place)", "reason": "\(error.what)"]
            )
        }
        return !isClosed && (isRefused || error.code == .closed)
    }

    /// What brokers say that are older than 0.11, or do not allow it.
    private static let refusals: Set = [
        RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE.rawValue,
        RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION.rawValue,
        RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED.rawValue,
    ]

    /// The client, made where there is none; `nil` once the producer is closed.
    private func client() -> Client? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            if let client = state.client { return client }
            let client = Client()
            state.client = client
            start(client, isIdempotent: state.isIdempotent)
            return client
        }
    }

    private func start(_ client: Client, isIdempotent: Bool) {
        var properties = properties
        if !isIdempotent {
            properties["enable.idempotence"] = "false"
            properties["max.in.flight.requests.per.connection"] =
                properties["max.in.flight.requests.per.connection"] ?? "1"
        }
        let isStarted = DedicatedThread.start { [properties, place, logger] in
            do throws(KafkaError) {
                let events = RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR
                let handle = try KafkaHandle(
                    .producer,
                    properties: properties,
                    events: events,
                    place: place,
                    logger: logger
                )
                ProducerLoop(handle: handle, inbox: client.inbox).run()
            } catch {
                client.failure.withLock { $0 = error }
                client.inbox.end()
            }
        }
        guard !isStarted else { return }
        client.failure.withLock {
            $0 = KafkaError(.failed, "no thread for a producer", at: place, remedy: "raise the limit of threads")
        }
        client.inbox.end()
    }
}
