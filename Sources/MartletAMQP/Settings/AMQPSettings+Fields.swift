package import MartletPipeline

extension AMQPSettings {
    /// The fields that say how to reach a broker; the same for source and sink.
    package static let fields = [
        FieldDescription(
            "url",
            .secrets,
            "Where the broker is: amqp://user:password@host:5672/vhost, or amqps:// for TLS, whose port is 5671. Several are tried in order."
        ),
        FieldDescription(
            "transport-url",
            .secret,
            "The same as oslo.messaging writes it, several hosts in one: rabbit://user:password@host1:5672,user:password@host2:5672/vhost"
        ),
        FieldDescription("username", .string, "The user, where the address names none; guest where nobody does."),
        FieldDescription("password", .secret, "The user's password, where the address has none."),
        FieldDescription("vhost", .string, "The virtual host, whatever the address says; / where nobody names one."),
        FieldDescription("tls", .boolean, "Whether the connection is encrypted, where the address does not say it."),
        FieldDescription(
            "ca-file",
            .path,
            "Certificates in PEM that the broker's is verified by, instead of the system's."
        ),
        FieldDescription("certificate-file", .path, "The client's own certificate and chain in PEM."),
        FieldDescription("key-file", .path, "The private key of certificate-file in PEM."),
        FieldDescription(
            "verify",
            .boolean,
            "Whether the broker's certificate and its name are verified; they are where nothing else is said."
        ),
        FieldDescription(
            "sasl",
            .choice(Mechanism.allCases.map(\.rawValue)),
            "How to log in: plain by user and password, external by certificate-file; plain where nothing else is said."
        ),
        FieldDescription(
            "heartbeat",
            .duration,
            "How often both sides show that they are there; 30s where nothing else is said."
        ),
        FieldDescription(
            "connect-timeout",
            .duration,
            "How long connecting, logging in and each request may take; 10s where nothing else is said."
        ),
    ]
}
