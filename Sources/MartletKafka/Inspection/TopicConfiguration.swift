import CRdKafka

/// A topic's configuration, as a broker tells it to a user who may see it.
enum TopicConfiguration {
    /// Names with their values, but for those that are secret.
    static func read(
        _ topic: String,
        _ handle: KafkaHandle,
        milliseconds: Int32
    ) throws(KafkaError) -> [String: String] {
        let queue = rd_kafka_queue_new(handle.client)
        defer { rd_kafka_queue_destroy(queue) }
        let options = rd_kafka_AdminOptions_new(handle.client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        var reason = [CChar](repeating: 0, count: 256)
        rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, &reason, reason.count)
        var resources = [rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)]
        defer { rd_kafka_ConfigResource_destroy_array(&resources, resources.count) }
        rd_kafka_DescribeConfigs(handle.client, &resources, resources.count, options, queue)
        // The library answers by itself when the time is over.
        guard let event = KafkaEvent(rd_kafka_queue_poll(queue, milliseconds + 1_000)) else {
            throw handle.error(RD_KAFKA_RESP_ERR__TIMED_OUT, topic: topic)
        }
        guard event.code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw event.error(at: handle.place) }
        return try read(event, handle, topic)
    }

    private static func read(
        _ event: borrowing KafkaEvent,
        _ handle: KafkaHandle,
        _ topic: String
    ) throws(KafkaError) -> [String: String] {
        var count = 0
        let result = rd_kafka_event_DescribeConfigs_result(event.pointer)
        guard let resources = rd_kafka_DescribeConfigs_result_resources(result, &count), count > 0 else { return [:] }
        let code = rd_kafka_ConfigResource_error(resources[0])
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw handle.error(code, topic: topic) }
        var entryCount = 0
        guard let entries = rd_kafka_ConfigResource_configs(resources[0], &entryCount) else { return [:] }
        var values: [String: String] = [:]
        for entry in UnsafeBufferPointer(start: entries, count: entryCount) {
            guard let name = rd_kafka_ConfigEntry_name(entry), let value = rd_kafka_ConfigEntry_value(entry),
                rd_kafka_ConfigEntry_is_sensitive(entry) == 0
            else { continue }
            values[String(cString: name)] = String(cString: value)
        }
        return values
    }
}
