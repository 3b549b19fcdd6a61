import CRdKafka
import MartletPipeline

/// What a failure means for the event: pure. The table stands in `docs/reference/sink-kafka.md`.
enum KafkaSinkResponse {
    /// What the brokers will never take, however often it is sent.
    private static let rejections: Set = [
        RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE.rawValue,
        RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE.rawValue,
        RD_KAFKA_RESP_ERR_INVALID_RECORD.rawValue,
        RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP.rawValue,
        RD_KAFKA_RESP_ERR_POLICY_VIOLATION.rawValue,
    ]

    static func outcome(of error: KafkaError) -> DeliveryOutcome {
        if rejections.contains(error.libraryCode) { return .reject("Kafka refused it: \(error.description).") }
        if error.code == .closed { return .unavailable("The sink was stopped before Kafka answered.") }
        return .unavailable("Kafka took nothing: \(error.description).")
    }
}
