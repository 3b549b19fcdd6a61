package import MartletPipeline

extension AMQPSettings {
    /// Reads the fields of a component.
    ///
    /// - Throws: ``ComponentError`` with the field and what would be right.
    package init(_ settings: ComponentSettings) throws(ComponentError) {
        var texts = settings.strings("url").map { (field: "url", text: $0) }
        if let text = settings.string("transport-url") { texts.append(("transport-url", text)) }
        guard !texts.isEmpty else {
            throw ComponentError(field: "url", "is missing: write it as amqp://host:5672/vhost")
        }
        var draft = AMQPSettingsDraft()
        for (field, text) in texts { try draft.take(AMQPAddress(text, field: field), field: field) }
        try draft.take(settings)
        self = try draft.finish()
    }

    /// Reads one address.
    package init(url: String) throws(ComponentError) {
        try self.init(ComponentSettings(["url": .string(url)]))
    }
}

/// What addresses and fields have said so far.
private struct AMQPSettingsDraft {
    private var hosts: [AMQPAddress.Host] = []
    private var virtualHost: (name: String, field: String)?
    private var usesTLS: (value: Bool, field: String)?
    private var settings = AMQPSettings(hosts: [])
    private var files = AMQPSettings.TLS()
    /// The fields that only make sense with TLS.
    private var fieldsOfTLS: [String] = []

    mutating func take(_ address: AMQPAddress, field: String) throws(ComponentError) {
        let name = address.virtualHost ?? "/"
        if let known = virtualHost, known.name != name {
            throw ComponentError(
                field: field,
                "leads to another virtual host than the address before it: a source or sink has one"
            )
        }
        virtualHost = (name, field)
        var isEncrypted: Bool? =
            switch address.scheme {
            case .amqp: nil
            case .amqps, .encryptedRabbit: true
            case .rabbit: nil
            }
        for (name, value) in address.parameters {
            if address.scheme.isOslo, try takeOslo(name, value, field) { continue }
            try take(name, value, field, &isEncrypted)
        }
        if let isEncrypted {
            if let known = usesTLS, known.value != isEncrypted {
                throw ComponentError(field: field, "has TLS and another address has not: write all with amqps://")
            }
            usesTLS = (isEncrypted, field)
        }
        hosts += address.hosts.map { host in
            var host = host
            // What oslo.messaging takes, with TLS too.
            if address.scheme.isOslo, host.port == nil { host.port = 5_672 }
            return host
        }
    }

    /// A parameter that only oslo.messaging has.
    ///
    /// - Returns: whether it is one.
    private mutating func takeOslo(_ name: String, _ value: String, _ field: String) throws(ComponentError) -> Bool {
        switch name {
        case "amqp_durable_queues", "rabbit_quorum_queue":
            // Either makes what is declared durable.
            let isDurable = try Self.boolean(value, name, field)
            settings.publisher.isDurable = isDurable || settings.publisher.isDurable == true
        case "amqp_auto_delete": settings.publisher.isAutoDelete = try Self.boolean(value, name, field)
        case "heartbeat_timeout_threshold" where value == "0":
            // Off for oslo.messaging. A source that waits for messages would not notice that the broker is gone.
            return true
        default: return OsloParameters.withoutMeaning.contains(name)
        }
        return true
    }

    /// A parameter of an address: RabbitMQ's names and those of oslo.messaging.
    private mutating func take(
        _ name: String,
        _ value: String,
        _ field: String,
        _ isEncrypted: inout Bool?
    ) throws(ComponentError) {
        switch name {
        case "ssl": isEncrypted = try Self.boolean(value, name, field)
        case "cacertfile", "ssl_ca_file": files.certificateAuthority = value
        case "certfile", "ssl_cert_file": files.certificate = value
        case "keyfile", "ssl_key_file": files.key = value
        case "verify":
            guard ["verify_peer", "verify_none"].contains(value) else {
                throw Self.unreadable(name, field, "verify_peer or verify_none")
            }
            files.isVerifying = value == "verify_peer"
        case "auth_mechanism", "rabbit_login_method", "login_method":
            guard let mechanism = AMQPSettings.Mechanism(rawValue: value.lowercased()) else {
                throw Self.unreadable(name, field, "plain or external")
            }
            settings.mechanism = mechanism
        case "heartbeat", "heartbeat_timeout_threshold":
            guard let seconds = Int(value) else { throw Self.unreadable(name, field, "a number of seconds") }
            settings.heartbeat = .seconds(seconds)
        case "connection_timeout":
            guard let milliseconds = Int(value) else { throw Self.unreadable(name, field, "a number of milliseconds") }
            settings.connectTimeout = .milliseconds(milliseconds)
        default:
            settings.warnings.append(
                ComponentWarning(field: field, "the parameter “\(name)” of the address is not known and does nothing")
            )
        }
    }

    /// The fields beside the addresses, which stand above them.
    mutating func take(_ fields: ComponentSettings) throws(ComponentError) {
        for index in hosts.indices {
            if let name = fields.string("username") { hosts[index].username = hosts[index].username ?? name }
            if let password = fields.string("password") { hosts[index].password = hosts[index].password ?? password }
        }
        if let name = fields.string("vhost") { virtualHost = (name, "vhost") }
        if let value = fields.boolean("tls") {
            if let known = usesTLS, known.value != value {
                throw ComponentError(field: "tls", "contradicts \(known.field): leave one of them out")
            }
            usesTLS = (value, "tls")
        }
        let paths: [(field: String, path: WritableKeyPath<AMQPSettings.TLS, String?>)] = [
            ("ca-file", \.certificateAuthority), ("certificate-file", \.certificate), ("key-file", \.key),
        ]
        for (field, path) in paths {
            guard let value = fields.string(field) else { continue }
            files[keyPath: path] = value
            fieldsOfTLS.append(field)
        }
        if let value = fields.boolean("verify") { files.isVerifying = value }
        if let mechanism = fields.string("sasl").flatMap(AMQPSettings.Mechanism.init) { settings.mechanism = mechanism }
        if let heartbeat = fields.duration("heartbeat") { settings.heartbeat = heartbeat }
        if let timeout = fields.duration("connect-timeout") { settings.connectTimeout = timeout }
    }

    func finish() throws(ComponentError) -> AMQPSettings {
        var settings = settings
        settings.virtualHost = virtualHost?.name ?? "/"
        guard settings.virtualHost.utf8.count <= 255, !settings.virtualHost.isEmpty else {
            throw ComponentError(
                field: virtualHost?.field,
                "names a virtual host that is empty or longer than 255 bytes"
            )
        }
        let isEncrypted = usesTLS?.value ?? false
        if isEncrypted {
            settings.tls = files
            if !files.isVerifying {
                settings.warnings.append(
                    ComponentWarning(
                        field: "verify",
                        "the broker's certificate is not verified: whoever sits between can read and change everything"
                    )
                )
            }
        } else if let field = fieldsOfTLS.first {
            throw ComponentError(
                field: field,
                "does nothing without TLS: write the address with amqps://, or set tls: true"
            )
        }
        guard (files.certificate == nil) == (files.key == nil) else {
            throw ComponentError(
                field: files.key == nil ? "key-file" : "certificate-file",
                "is missing: certificate-file and key-file belong together"
            )
        }
        guard settings.mechanism == .plain || settings.tls?.certificate != nil else {
            throw ComponentError(field: "sasl", "is external, which needs TLS with certificate-file and key-file")
        }
        guard settings.heartbeat >= .seconds(1), settings.heartbeat <= .seconds(3_600) else {
            throw ComponentError(field: "heartbeat", "has to be from 1s to 1h")
        }
        guard settings.connectTimeout >= .milliseconds(100), settings.connectTimeout <= .seconds(300) else {
            throw ComponentError(field: "connect-timeout", "has to be from 100ms to 5m")
        }
        settings.hosts = hosts.map { host in
            AMQPSettings.Host(
                name: host.name,
                port: host.port ?? (isEncrypted ? 5_671 : 5_672),
                username: host.username ?? "guest",
                password: host.password ?? "guest"
            )
        }
        return settings
    }

    private static func boolean(_ text: String, _ name: String, _ field: String) throws(ComponentError) -> Bool {
        switch text.lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default: throw unreadable(name, field, "true or false")
        }
    }

    private static func unreadable(_ name: String, _ field: String, _ right: String) -> ComponentError {
        ComponentError(field: field, "has a parameter “\(name)” that is not \(right)")
    }
}
