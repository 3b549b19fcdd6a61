import CRdKafka

extension KafkaError {
    /// An error as librdkafka tells it.
    ///
    /// - Parameters:
    ///   - reason: the library's own words, which hold no credentials; those of the code where there are none.
    ///   - isFatal: whether the client cannot go on.
    init(
        _ error: rd_kafka_resp_err_t,
        reason: String = "",
        at place: String,
        topic: String? = nil,
        isFatal: Bool = false
    ) {
        let text = reason.isEmpty ? String(cString: rd_kafka_err2str(error)) : reason
        let subject = topic.map { "the topic “\($0)”" } ?? "the topic"
        self.init(.failed, text, at: place, remedy: "see the broker's log", libraryCode: error.rawValue, topic: topic)
        switch error {
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TIMED_OUT,
            RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
            (code, remedy) = (.unreachable, Self.reachRemedy)
        case RD_KAFKA_RESP_ERR__RESOLVE:
            (code, remedy) = (.unreachable, "check the brokers' names, and those that they announce themselves")
        case RD_KAFKA_RESP_ERR__SSL:
            (code, remedy) = (.tls, "check ca-file, the name in the broker's certificate, and that the port speaks TLS")
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
            (code, remedy) = (.credentials, "check user, password, SASL mechanism and security.protocol")
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
            (code, what) = (.missing, "\(subject) does not exist")
            remedy = "make it, or have its producer make it; it is looked for again"
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
            (code, what) = (.accessRefused, "the user may not use \(subject)")
            remedy = "grant Describe and Read on it to a source, Describe and Write to a sink (kafka-acls)"
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
            (code, remedy) = (.accessRefused, "grant Read on the consumer group (kafka-acls)")
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
            (code, remedy) = (.accessRefused, "grant IdempotentWrite on the cluster (kafka-acls)")
        case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, RD_KAFKA_RESP_ERR_INVALID_GROUP_ID,
            RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
            (code, remedy) = (.group, "give each source a consumer group of its own")
        case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
            (code, remedy) = (.group, "it joins the group again as soon as the store takes events")
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            (code, remedy) = (.outOfRange, "it goes on at what is left, with a gap alert")
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
            (code, remedy) = (.tooLarge, "raise message.max.bytes here, and max.message.bytes of the topic")
        case RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR__CONFLICT, RD_KAFKA_RESP_ERR__NOT_CONFIGURED:
            (code, remedy) = (.configuration, "correct the properties")
        default: break
        }
        if isFatal { (code, remedy) = (.fatal, "another client is made by itself") }
    }

    /// Takes an error object over; `nil` where there is none.
    init?(consuming error: OpaquePointer?, at place: String) {
        guard let error else { return nil }
        defer { rd_kafka_error_destroy(error) }
        self.init(
            rd_kafka_error_code(error),
            reason: String(cString: rd_kafka_error_string(error)),
            at: place,
            isFatal: rd_kafka_error_is_fatal(error) != 0
        )
    }

    static let reachRemedy =
        "see that Kafka listens there, and that the addresses which its brokers announce (advertised.listeners) can be reached"
}
