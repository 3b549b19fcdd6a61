package import MartletPipeline

extension KafkaSettings {
    /// The fields that say how to reach the brokers; the same for source and sink.
    package static let fields = [
        FieldDescription(
            "properties-file",
            .path,
            """
            A Java `.properties` file, as CloudStack's `kafka.producer.properties`. What only Java's client knows is \
            translated, or named in a warning.
            """
        ),
        FieldDescription(
            "bootstrap-servers",
            .strings,
            "Brokers to begin with, as `host:9092`, where neither the file nor the properties name them."
        ),
        FieldDescription("username", .string, "The user of SASL, PLAIN or SCRAM."),
        FieldDescription("password", .secret, "The user's password."),
        FieldDescription(
            "sasl-mechanism",
            .choice(["plain", "scram-sha-256", "scram-sha-512"]),
            "How user and password are shown; `plain` where nothing else is said."
        ),
        FieldDescription(
            "tls",
            .boolean,
            "Whether connections are encrypted; they are where `ca-file` or `certificate-file` is given."
        ),
        FieldDescription(
            "ca-file",
            .path,
            "Certificates in PEM that the brokers' are verified by, instead of the system's."
        ),
        FieldDescription("certificate-file", .path, "The client's own certificate and chain in PEM."),
        FieldDescription("key-file", .path, "The private key of `certificate-file` in PEM."),
        FieldDescription("key-password", .secret, "The password of `key-file`, where it has one."),
        FieldDescription(
            "verify",
            .boolean,
            "Whether the brokers' certificates and names are verified; they are where nothing else is said."
        ),
        FieldDescription(
            "properties",
            .table,
            "Any property of librdkafka, as `socket.keepalive.enable`; Java's names are translated as those of a file."
        ),
    ]
}
