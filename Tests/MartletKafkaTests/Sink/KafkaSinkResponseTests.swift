import CRdKafka
import MartletPipeline
import Testing

@testable import MartletKafka

@Suite struct KafkaSinkResponseTests {
    @Test(
        arguments: [
            RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
            RD_KAFKA_RESP_ERR_INVALID_RECORD,
            RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
        ].map(\.rawValue)
    )
    func `what will never be taken is rejected`(_ code: Int32) {
        #expect(outcome(code).isRejected)
    }

    @Test(
        arguments: [
            RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
            RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
            RD_KAFKA_RESP_ERR__AUTHENTICATION,
            RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR__SSL,
            RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED, RD_KAFKA_RESP_ERR_UNKNOWN,
        ].map(\.rawValue)
    )
    func `whatever may pass is waited for, with place and remedy`(_ code: Int32) {
        let outcome = outcome(code)
        #expect(outcome.isUnavailable)
        #expect(outcome.reason?.hasPrefix("Kafka took nothing: ") == true)
        #expect(outcome.reason?.contains("(kafka://k1:9092): ") == true)
    }

    @Test func `what was stopped goes again`() {
        #expect(KafkaSinkResponse.outcome(of: .closed(at: "kafka://k1:9092")).isUnavailable)
    }

    private func outcome(_ code: Int32) -> DeliveryOutcome {
        KafkaSinkResponse.outcome(
            of: KafkaError(rd_kafka_resp_err_t(rawValue: code), at: "kafka://k1:9092", topic: "out")
        )
    }
}
