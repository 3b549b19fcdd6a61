/// What becomes of a property that Java's clients know and librdkafka knows by another name, with other values, or not at
/// all. The names are those of Apache Kafka's `ProducerConfig`, `ConsumerConfig`, `SslConfigs` and `SaslConfigs`.
enum JavaProperty {
    /// The same under another name.
    case renamed(String)
    /// The same under another name and in another unit or spelling.
    case converted(String, @Sendable (String) -> String?)
    /// Of stores of certificates, of JAAS: see `SecurityDraft`.
    case security
    /// Of no use here, for this reason; the sentence goes on from “… does nothing here: ”.
    case without(String)
    /// Of no use here, because it configures Java's client alone.
    case ofJavaOnly

    static subscript(name: String) -> JavaProperty? {
        if let known = translated[name] { return known }
        if ofSecurity.contains(name) { return .security }
        if let reason = reasons[name] { return .without(reason) }
        return javaOnly.contains(name) ? .ofJavaOnly : nil
    }

    /// The names that mean something here, for those who misspell one.
    static var usefulNames: [String] { Array(translated.keys) + ofSecurity }

    /// Every name of the tables.
    static var names: [String] {
        var names = Array(translated.keys)
        names += reasons.keys
        names += ofSecurity
        names += javaOnly
        return names
    }

    private static let translated: [String: JavaProperty] = [
        // In bytes there, in KiB here.
        "buffer.memory": .converted("queue.buffering.max.kbytes") { bytes in
            Int(bytes).map { String(min(max($0 / 1_024, 1), 2_147_483_647)) }
        },
        "fetch.max.wait.ms": .renamed("fetch.wait.max.ms"),
        "max.request.size": .renamed("message.max.bytes"),
        // -1 leaves it to the system there, 0 here.
        "receive.buffer.bytes": .converted("socket.receive.buffer.bytes") { $0 == "-1" ? "0" : $0 },
        "send.buffer.bytes": .converted("socket.send.buffer.bytes") { $0 == "-1" ? "0" : $0 },
        "security.protocol": .converted("security.protocol") { $0.lowercased() },
        "sasl.mechanism": .converted("sasl.mechanisms") { $0.uppercased() },
        // Java has an empty value for none.
        "ssl.endpoint.identification.algorithm": .converted("ssl.endpoint.identification.algorithm") {
            $0.isEmpty ? "none" : $0.lowercased()
        },
        "isolation.level": .converted("isolation.level") { $0.lowercased() },
        "compression.type": .converted("compression.codec") { $0.lowercased() },
        "compression.gzip.level": .renamed("compression.level"),
        "compression.lz4.level": .renamed("compression.level"),
        "compression.zstd.level": .renamed("compression.level"),
        "partition.assignment.strategy": .converted("partition.assignment.strategy", assignors),
    ]

    /// Classes there, names here; `nil` where one has no equivalent.
    private static func assignors(_ classes: String) -> String? {
        var names: [String] = []
        for item in classes.split(separator: ",") {
            let text = item.trimmed
            guard text.contains(".") else {
                names.append(text)
                continue
            }
            switch text.split(separator: ".").last {
            case "CooperativeStickyAssignor": names.append("cooperative-sticky")
            case "RangeAssignor": names.append("range")
            case "RoundRobinAssignor": names.append("roundrobin")
            default: return nil
            }
        }
        // librdkafka takes cooperative and eager strategies only apart.
        return names.contains("cooperative-sticky") ? "cooperative-sticky" : names.joined(separator: ",")
    }

    private static let ofSecurity: Set = [
        "sasl.jaas.config", "ssl.keystore.location", "ssl.keystore.password", "ssl.keystore.type", "ssl.keystore.key",
        "ssl.keystore.certificate.chain", "ssl.truststore.location", "ssl.truststore.password", "ssl.truststore.type",
        "ssl.truststore.certificates",
    ]

    private static let reasons = [
        "interceptor.classes": "interceptors are Java code",
        "max.block.ms": "Martlet never waits for room, it keeps what is not sent yet in its store",
        "max.poll.records": "Martlet sizes its batches itself",
        "metric.reporters": "Martlet has metrics of its own",
        "partitioner.class": "Martlet puts an event where Java's default partitioner does",
        "partitioner.ignore.keys": "the key decides, or the order within a resource is lost",
        "group.protocol": "librdkafka has the classic protocol of groups",
        "sasl.client.callback.handler.class": "callback handlers are Java code",
        "sasl.login.callback.handler.class": "callback handlers are Java code",
        "sasl.login.class": "login classes are Java code",
        "ssl.cipher.suites": "Java's names of ciphers are not OpenSSL's; set the latter under properties",
        "ssl.enabled.protocols": "OpenSSL's own configuration decides which versions of TLS there are",
        "ssl.protocol": "OpenSSL's own configuration decides which versions of TLS there are",
    ]

    private static let javaOnly: Set = [
        "auto.include.jmx.reporter", "bootstrap.controllers", "client.dns.lookup", "config.providers",
        "default.api.timeout.ms", "enable.metrics.push", "exclude.internal.topics", "group.remote.assignor",
        "internal.auto.downgrade.txn.commit", "internal.leave.group.on.close",
        "internal.throw.on.fetch.stable.offset.unsupported", "key.deserializer", "key.serializer", "max.age.ms",
        "metadata.max.idle.ms", "metadata.recovery.rebootstrap.trigger.ms", "metadata.recovery.strategy",
        "metrics.num.samples", "metrics.recording.level", "metrics.sample.window.ms",
        "partitioner.adaptive.partitioning.enable", "partitioner.availability.timeout.ms",
        "reconnect.backoff.max.attempts", "retry.backoff.max.ms", "sasl.kerberos.kinit.cmd",
        "sasl.kerberos.ticket.renew.jitter", "sasl.kerberos.ticket.renew.window.factor",
        "sasl.login.connect.timeout.ms", "sasl.login.read.timeout.ms", "sasl.login.refresh.buffer.seconds",
        "sasl.login.refresh.min.period.seconds", "sasl.login.refresh.window.factor",
        "sasl.login.refresh.window.jitter", "sasl.login.retry.backoff.max.ms", "sasl.login.retry.backoff.ms",
        "sasl.oauthbearer.clock.skew.seconds", "sasl.oauthbearer.expected.audience",
        "sasl.oauthbearer.expected.issuer", "sasl.oauthbearer.jwks.endpoint.refresh.ms",
        "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms",
        "sasl.oauthbearer.jwks.endpoint.url", "sasl.oauthbearer.scope.claim.name", "sasl.oauthbearer.sub.claim.name",
        "security.providers", "share.acknowledgement.mode", "socket.connection.setup.timeout.max.ms",
        "ssl.engine.factory.class", "ssl.keymanager.algorithm", "ssl.provider", "ssl.secure.random.implementation",
        "ssl.trustmanager.algorithm", "transaction.two.phase.commit.enable", "value.deserializer", "value.serializer",
    ]
}

extension StringProtocol {
    /// Without white space around it, as Kafka's own clients read values.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
