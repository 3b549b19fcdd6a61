import CRdKafka
package import Logging
import MartletJSON
import MartletPipeline

/// Looks at a cluster as `martlet setup` does: read-only, but for the probe, which writes to a topic of Martlet's own.
///
/// Everything runs on a thread of its own and ends in time.
package struct KafkaInspection: Sendable {
    private let settings: KafkaSettings
    private let logger: Logger

    /// - Parameter settings: for the role ``KafkaSettings/Role/both``.
    package init(_ settings: KafkaSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// What the brokers say of themselves and of these topics.
    ///
    /// - Parameter timeout: how long each question may take.
    /// - Throws: why no broker could be asked; what concerns one topic is in its part of the report.
    package func look(at topics: [String], timeout: Duration = .seconds(10)) async throws(KafkaError) -> KafkaReport {
        try await onThread { () throws(KafkaError) in
            let handle = try openProducer()
            let patience = timeout.milliseconds
            let metadata: KafkaMetadata
            do throws(KafkaError) {
                metadata = try KafkaMetadata(handle, milliseconds: patience)
            } catch {
                throw reason(in: handle) ?? error
            }
            let cluster = rd_kafka_clusterid(handle.client, patience)
            defer { rd_kafka_mem_free(handle.client, cluster) }
            return KafkaReport(
                place: settings.place,
                cluster: cluster.map { String(cString: $0) },
                brokers: metadata.brokers,
                controller: metadata.controller,
                topics: topics.map { topic($0, in: metadata, handle, patience) },
                visibleTopics: metadata.topics.filter { $0.error == nil }.map(\.name).sorted()
            )
        }
    }

    /// Writes a record to a topic and reads it back.
    ///
    /// - Parameter topic: of Martlet's own; it is made where brokers make topics by themselves.
    package func probe(
        topic: String = "martlet-probe",
        timeout: Duration = .seconds(30)
    ) async throws(KafkaError) -> KafkaProbe {
        try await onThread { () throws(KafkaError) in
            let deadline = ContinuousClock.now + timeout
            let producer = try openProducer(timeout: timeout)
            let began = ContinuousClock.now
            let (partition, offset) = try write(to: topic, producer, until: deadline)
            let written = ContinuousClock.now
            let consumer = try openConsumer()
            try read(offset, of: KafkaPartition(topic: topic, number: partition), consumer, until: deadline)
            return KafkaProbe(
                topic: topic,
                partition: partition,
                offset: offset,
                writing: written - began,
                reading: ContinuousClock.now - written
            )
        }
    }

    private func topic(
        _ name: String,
        in metadata: KafkaMetadata,
        _ handle: KafkaHandle,
        _ patience: Int32
    ) -> KafkaReport.Topic {
        guard let known = metadata.topics.first(where: { $0.name == name }), known.error == nil else {
            let error = metadata.topics.first { $0.name == name }?.error
            return KafkaReport.Topic(
                name: name,
                error: error ?? handle.error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, topic: name)
            )
        }
        var topic = KafkaReport.Topic(name: name, partitions: known.partitions)
        for partition in known.partitions where partition.leader != nil {
            var (low, high): (Int64, Int64) = (0, 0)
            let code = rd_kafka_query_watermark_offsets(handle.client, name, partition.number, &low, &high, patience)
            if code == RD_KAFKA_RESP_ERR_NO_ERROR { topic.bounds[partition.number] = low..<max(low, high) }
        }
        do throws(KafkaError) {
            topic.configuration = try TopicConfiguration.read(name, handle, milliseconds: patience)
        } catch {
            topic.configurationError = error
        }
        return topic
    }

    // MARK: Clients

    private func openProducer(timeout: Duration? = nil) throws(KafkaError) -> KafkaHandle {
        var properties = settings.producerProperties
        if let timeout { properties["message.timeout.ms"] = String(timeout.milliseconds) }
        return try KafkaHandle(
            .producer,
            properties: properties,
            events: RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR,
            place: settings.place,
            logger: logger
        )
    }

    private func openConsumer() throws(KafkaError) -> KafkaHandle {
        try KafkaHandle(
            .consumer,
            properties: settings.consumerProperties.merging(["group.id": "martlet-probe"]) { $1 },
            events: RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_ERROR,
            place: settings.place,
            logger: logger
        )
    }

    /// What librdkafka has said of connections that could not be made: more than that there was none in time.
    private func reason(in handle: KafkaHandle) -> KafkaError? {
        var reason: KafkaError?
        while let event = handle.poll(milliseconds: 0) {
            guard event.type == RD_KAFKA_EVENT_ERROR else { continue }
            let error = event.error(at: settings.place)
            if error.code == .credentials || error.code == .tls { return error }
            reason = reason ?? error
        }
        return reason
    }

    // MARK: The probe

    private func write(
        to topic: String,
        _ producer: KafkaHandle,
        until deadline: ContinuousClock.Instant
    ) throws(KafkaError) -> (partition: Int32, offset: Int64) {
        let value = Array(#"{"probe":"martlet"}"#.utf8)
        let code = crdkafka_produce(
            producer.client,
            topic,
            -1,
            RD_KAFKA_MSG_F_COPY,
            nil,
            0,
            value,
            value.count,
            nil,
            nil
        )
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw producer.error(code, topic: topic) }
        var failure: KafkaError?
        while ContinuousClock.now < deadline {
            guard let event = producer.poll(milliseconds: 100) else { continue }
            if event.type == RD_KAFKA_EVENT_ERROR { failure = event.error(at: settings.place) }
            guard event.type == RD_KAFKA_EVENT_DR, let message = rd_kafka_event_message_next(event.pointer) else {
                continue
            }
            guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw producer.error(message.pointee.err, topic: topic)
            }
            return (message.pointee.partition, message.pointee.offset)
        }
        throw failure ?? producer.error(RD_KAFKA_RESP_ERR__TIMED_OUT, topic: topic)
    }

    private func read(
        _ offset: Int64,
        of partition: KafkaPartition,
        _ consumer: KafkaHandle,
        until deadline: ContinuousClock.Instant
    ) throws(KafkaError) {
        let start = KafkaPartitionList([partition: .at(offset)])
        let code = rd_kafka_assign(consumer.client, start.pointer)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw consumer.error(code, topic: partition.topic) }
        var failure: KafkaError?
        while ContinuousClock.now < deadline {
            guard let event = consumer.poll(milliseconds: 100) else { continue }
            if event.type == RD_KAFKA_EVENT_ERROR { failure = event.error(at: settings.place) }
            while event.type == RD_KAFKA_EVENT_FETCH, let message = rd_kafka_event_message_next(event.pointer) {
                if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR, message.pointee.offset == offset { return }
            }
        }
        throw failure ?? consumer.error(RD_KAFKA_RESP_ERR__TIMED_OUT, topic: partition.topic)
    }

    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws(KafkaError) -> Value
    ) async throws(KafkaError) -> Value {
        let result = await DedicatedThread.run { () -> Result<Value, KafkaError> in
            do throws(KafkaError) { return .success(try body()) } catch { return .failure(error) }
        }
        guard let result else {
            throw KafkaError(
                .failed,
                "no thread for an inspection",
                at: settings.place,
                remedy: "raise the limit of processes and threads"
            )
        }
        return try result.get()
    }
}

extension Duration {
    fileprivate var milliseconds: Int32 { Int32(clamping: Int64(self / .milliseconds(1))) }
}
