import MartletPipeline

/// Encryption and logging in: what Java's stores and JAAS say, what the component's fields say, and what they mean together.
extension SettingsDraft {
    /// Translates what Java writes of security in one place.
    mutating func takeSecurity(_ written: [String: WrittenProperty]) throws(ComponentError) {
        if let jaas = written["sasl.jaas.config"] { try takeJAAS(jaas) }
        if let store = written["ssl.truststore.location"], replacesTrustStore {
            ignore(store.name, store.origin, because: "ca-file stands above it")
        } else if let store = written["ssl.truststore.location"] {
            if let conversion = try CertificateStore(store).trustConversion(of: store.value) {
                throw store.origin.error(store.name, conversion)
            }
            choose("ssl.ca.location", store.value, store.origin, as: store.name)
        }
        if let text = written["ssl.truststore.certificates"] {
            choose("ssl.ca.pem", text.value, text.origin, as: text.name)
        }
        for name in ["ssl.truststore.password", "ssl.truststore.type", "ssl.keystore.type"] {
            guard let property = written[name] else { continue }
            let reason = "the file itself shows what it is, and certificates in PEM need no password"
            ignore(name, property.origin, because: reason)
        }
        try takeKeyStore(written)
    }

    private mutating func takeKeyStore(_ written: [String: WrittenProperty]) throws(ComponentError) {
        if let text = written["ssl.keystore.certificate.chain"] {
            choose("ssl.certificate.pem", text.value, text.origin, as: text.name)
        }
        if let text = written["ssl.keystore.key"] { choose("ssl.key.pem", text.value, text.origin, as: text.name) }
        let password = written["ssl.keystore.password"]
        guard let store = written["ssl.keystore.location"] else {
            if let password { choose("ssl.keystore.password", password.value, password.origin) }
            return
        }
        guard !replacesKeyStore else {
            return ignore(store.name, store.origin, because: "certificate-file stands above it")
        }
        let kind = try CertificateStore(store)
        if let conversion = kind.keyConversion(of: store.value) { throw store.origin.error(store.name, conversion) }
        if kind == .pem {
            // One file holds the key and its certificates.
            choose("ssl.certificate.location", store.value, store.origin, as: store.name)
            choose("ssl.key.location", store.value, store.origin, as: store.name)
        } else {
            choose("ssl.keystore.location", store.value, store.origin)
            if let password { choose("ssl.keystore.password", password.value, password.origin) }
        }
    }

    private mutating func takeJAAS(_ property: WrittenProperty) throws(ComponentError) {
        let entry: JAASEntry
        do throws(JAASEntry.Malformed) {
            entry = try JAASEntry(property.value)
        } catch {
            throw property.origin.error(property.name, error.reason)
        }
        func take(_ option: String, as name: String) {
            guard let value = entry.options[option] else { return }
            choose(name, value, property.origin, as: property.name)
        }
        switch entry.module {
        case "PlainLoginModule", "ScramLoginModule":
            take("username", as: "sasl.username")
            take("password", as: "sasl.password")
            if entry.module == "PlainLoginModule", chosen["sasl.mechanisms"] == nil {
                choose("sasl.mechanisms", "PLAIN", property.origin, as: property.name)
            }
        case "Krb5LoginModule":
            take("keyTab", as: "sasl.kerberos.keytab")
            take("principal", as: "sasl.kerberos.principal")
            if chosen["sasl.kerberos.service.name"] == nil { take("serviceName", as: "sasl.kerberos.service.name") }
        default:
            throw property.origin.error(
                property.name,
                """
                has the login module \(entry.module), which cannot be translated; PlainLoginModule, ScramLoginModule and \
                Krb5LoginModule can
                """
            )
        }
    }

    /// Takes the component's own fields.
    mutating func takeSecurity(_ settings: ComponentSettings) throws(ComponentError) {
        var wantsTLS: Bool?
        for (field, name) in Self.files {
            guard let path = settings.string(field) else { continue }
            try SettingsFile.check(path, field: field)
            choose(name, path, .field(field), as: field)
            wantsTLS = true
        }
        if let tls = settings.boolean("tls") {
            guard tls || wantsTLS == nil else {
                throw ComponentError(
                    field: "tls",
                    "is false, and the certificates of the other fields need it: leave one out"
                )
            }
            wantsTLS = tls
        }
        if let password = settings.string("key-password") {
            choose("ssl.key.password", password, .field("key-password"), as: "key-password")
        }
        if settings.boolean("verify") == false {
            choose("enable.ssl.certificate.verification", "false", .field("verify"), as: "verify")
            choose("ssl.endpoint.identification.algorithm", "none", .field("verify"), as: "verify")
        }
        let username = settings.string("username")
        if let username { choose("sasl.username", username, .field("username"), as: "username") }
        if let password = settings.string("password") {
            choose("sasl.password", password, .field("password"), as: "password")
        }
        if let mechanism = settings.string("sasl-mechanism") {
            choose("sasl.mechanisms", mechanism.uppercased(), .field("sasl-mechanism"), as: "sasl-mechanism")
        }
        try settleSecurity(wantsTLS: wantsTLS, wantsSASL: username != nil || settings.string("sasl-mechanism") != nil)
    }

    private static let files = [
        ("ca-file", "ssl.ca.location"), ("certificate-file", "ssl.certificate.location"),
        ("key-file", "ssl.key.location"),
    ]
}
