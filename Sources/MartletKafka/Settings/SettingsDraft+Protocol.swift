import MartletPipeline

/// The protocol that follows from everything said, and what it needs.
extension SettingsDraft {
    /// - Parameters:
    ///   - wantsTLS: what the component's fields say, which stand above `security.protocol`.
    ///   - wantsSASL: whether they name a user.
    mutating func settleSecurity(wantsTLS: Bool?, wantsSASL: Bool) throws(ComponentError) {
        let written = chosen["security.protocol"]
        let hasTLS = wantsTLS ?? (written?.value.hasSuffix("ssl") ?? false)
        let hasSASL = wantsSASL || written?.value.hasPrefix("sasl") ?? false
        if written == nil || wantsTLS != nil || wantsSASL {
            let name = hasSASL ? (hasTLS ? "sasl_ssl" : "sasl_plaintext") : (hasTLS ? "ssl" : "plaintext")
            choose("security.protocol", name, written?.origin ?? .field("tls"))
        }
        if hasTLS {
            try settleTLS()
        } else {
            dropUnused("ssl.", "connections are not encrypted; tls: true has them be")
        }
        if hasSASL { try settleSASL(isEncrypted: hasTLS) } else { dropUnused("sasl.", "security.protocol has no SASL") }
    }

    private mutating func settleTLS() throws(ComponentError) {
        guard Library.features.contains("ssl") else {
            throw ComponentError(field: "tls", "cannot be had: librdkafka \(Library.version) was built without TLS")
        }
        let (certificate, key) = (chosen["ssl.certificate.location"], chosen["ssl.key.location"])
        if let alone = certificate ?? key, certificate == nil || key == nil,
            chosen["ssl.key.pem"] == nil, chosen["ssl.certificate.pem"] == nil
        {
            let missing = certificate == nil ? "certificate-file" : "key-file"
            throw alone.origin.error(
                alone.writtenName,
                "needs \(missing) beside it: a certificate and its key belong together"
            )
        }
        if let verification = chosen["enable.ssl.certificate.verification"], verification.value == "false" {
            warnings.append(
                ComponentWarning(
                    field: verification.origin.field,
                    "the brokers' certificates are not verified: whoever sits between can read and change everything"
                )
            )
        }
    }

    private mutating func settleSASL(isEncrypted: Bool) throws(ComponentError) {
        let origin = chosen["security.protocol"]?.origin ?? .field("username")
        if chosen["sasl.mechanisms"] == nil {
            // Java's and librdkafka's default is GSSAPI, which no user with a password can mean.
            choose("sasl.mechanisms", chosen["sasl.username"] == nil ? "GSSAPI" : "PLAIN", origin, as: "sasl.mechanism")
        }
        guard let mechanism = chosen["sasl.mechanisms"] else { return }
        try checkMechanism(mechanism)
        guard mechanism.value == "PLAIN" || mechanism.value.hasPrefix("SCRAM-") else { return }
        for (name, field) in [("sasl.username", "username"), ("sasl.password", "password")] {
            guard chosen[name]?.value.isEmpty ?? true else { continue }
            throw ComponentError(field: field, "is missing: \(mechanism.value) needs a user and a password")
        }
        if mechanism.value == "PLAIN", !isEncrypted {
            warnings.append(
                ComponentWarning(
                    field: mechanism.origin.field,
                    "the password goes over the network as it is: use TLS, or SCRAM"
                )
            )
        }
    }

    private func checkMechanism(_ mechanism: ChosenProperty) throws(ComponentError) {
        let feature =
            switch mechanism.value {
            case "PLAIN": "sasl_plain"
            case "SCRAM-SHA-256", "SCRAM-SHA-512": "sasl_scram"
            case "GSSAPI": "sasl_gssapi"
            case "OAUTHBEARER": chosen["sasl.oauthbearer.method"]?.value == "oidc" ? "oidc" : "sasl_oauthbearer"
            default:
                throw mechanism.origin.error(
                    mechanism.writtenName,
                    "is \(mechanism.value); known are PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, GSSAPI and OAUTHBEARER"
                )
            }
        guard Library.features.contains(feature) else {
            throw mechanism.origin.error(
                mechanism.writtenName,
                "is \(mechanism.value), and librdkafka \(Library.version) was built without \(feature)"
            )
        }
        if mechanism.value == "GSSAPI", chosen["sasl.kerberos.keytab"] == nil, chosen["sasl.kerberos.kinit.cmd"] == nil
        {
            throw mechanism.origin.error(
                mechanism.writtenName,
                """
                is GSSAPI, which needs sasl.kerberos.keytab and sasl.kerberos.principal, or a sasl.kerberos.kinit.cmd that \
                gets a ticket otherwise
                """
            )
        }
        guard mechanism.value != "OAUTHBEARER" || feature == "oidc" else {
            throw mechanism.origin.error(
                mechanism.writtenName,
                "is OAUTHBEARER, which needs sasl.oauthbearer.method=oidc and where to get a token"
            )
        }
    }

    /// Takes out what needs a protocol that is not chosen; what a file or the properties have of it is named.
    private mutating func dropUnused(_ prefix: String, _ reason: String) {
        let names = chosen.keys.filter {
            $0.hasPrefix(prefix) || (prefix == "ssl." && $0 == "enable.ssl.certificate.verification")
        }
        for name in names.sorted() {
            guard let property = chosen.removeValue(forKey: name) else { continue }
            ignore(property.writtenName, property.origin, because: reason)
        }
    }
}
