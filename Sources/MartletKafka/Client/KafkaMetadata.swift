import CRdKafka

/// What the brokers say of themselves and of their topics.
package struct KafkaMetadata: Sendable, Hashable {
    package struct Broker: Sendable, Hashable {
        package var number: Int32
        /// The address that it announces: `k1:9092`.
        package var address: String
    }

    package struct Partition: Sendable, Hashable {
        package var number: Int32
        /// `nil` where no broker leads it.
        package var leader: Int32?
        package var replicas: [Int32]
        /// The replicas that are up to date.
        package var inSync: [Int32]
    }

    package struct Topic: Sendable, Hashable {
        package var name: String
        package var partitions: [Partition]
        /// Why nothing more is known of it.
        package var error: KafkaError?
    }

    package var brokers: [Broker]
    package var topics: [Topic]
    /// The broker that has the cluster's administration; `nil` where it is not said.
    package var controller: Int32?

    /// Asks for everything that the user may see.
    init(_ handle: KafkaHandle, milliseconds: Int32) throws(KafkaError) {
        var pointer: UnsafePointer<rd_kafka_metadata_t>?
        let code = crdkafka_metadata(handle.client, &pointer, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let pointer else { throw handle.error(code) }
        defer { rd_kafka_metadata_destroy(pointer) }
        let metadata = pointer.pointee
        brokers = UnsafeBufferPointer(start: metadata.brokers, count: Int(metadata.broker_cnt)).map { broker in
            Broker(number: broker.id, address: "\(String(cString: broker.host)):\(broker.port)")
        }
        topics = UnsafeBufferPointer(start: metadata.topics, count: Int(metadata.topic_cnt)).map { topic in
            let name = String(cString: topic.topic)
            let isKnown = topic.err == RD_KAFKA_RESP_ERR_NO_ERROR
            return Topic(
                name: name,
                partitions: UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt)).map(
                    Partition.init
                ),
                error: isKnown ? nil : handle.error(topic.err, topic: name)
            )
        }
        let controller = rd_kafka_controllerid(handle.client, 0)
        self.controller = controller >= 0 ? controller : nil
    }
}

extension KafkaMetadata.Partition {
    fileprivate init(_ partition: rd_kafka_metadata_partition_t) {
        number = partition.id
        leader = partition.leader >= 0 ? partition.leader : nil
        replicas = Array(UnsafeBufferPointer(start: partition.replicas, count: Int(partition.replica_cnt)))
        inSync = Array(UnsafeBufferPointer(start: partition.isrs, count: Int(partition.isr_cnt)))
    }
}
