import CRdKafka
import Testing

@testable import MartletKafka

@Suite struct KafkaErrorTests {
    @Test(arguments: [
        (RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, KafkaError.Code.unreachable), (RD_KAFKA_RESP_ERR__RESOLVE, .unreachable),
        (RD_KAFKA_RESP_ERR__SSL, .tls), (RD_KAFKA_RESP_ERR__AUTHENTICATION, .credentials),
        (RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, .credentials),
        (RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, .missing),
        (RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .accessRefused),
        (RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, .accessRefused),
        (RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, .group), (RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, .tooLarge),
        (RD_KAFKA_RESP_ERR_UNKNOWN, .failed),
    ])
    func `each kind of failure has its code, a reason and a remedy`(
        _ error: rd_kafka_resp_err_t,
        _ code: KafkaError.Code
    ) {
        let told = KafkaError(error, at: "kafka://k1:9092", topic: "cs")
        #expect(told.code == code)
        #expect(told.libraryCode == error.rawValue)
        #expect(!told.what.isEmpty)
        #expect(!told.remedy.isEmpty)
        #expect("\(told)" == "\(told.what) (kafka://k1:9092): \(told.remedy)")
    }

    @Test func `what a client cannot go on after is fatal, whatever else it is`() {
        #expect(KafkaError(RD_KAFKA_RESP_ERR__AUTHENTICATION, at: "", isFatal: true).code == .fatal)
    }
}
