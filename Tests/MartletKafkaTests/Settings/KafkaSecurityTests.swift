import Foundation
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

@Suite struct KafkaSecurityTests {
    private static let jaas = """
        sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
          username="alice" \\
          password="pa\\\\"ss;word";
        """

    @Test func `JAAS is translated`() throws {
        let settings = try SettingsCase(
            file: "bootstrap.servers=k1\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n\(Self.jaas)"
        ).read()
        #expect(settings.consumerProperties["security.protocol"] == "sasl_ssl")
        #expect(settings.consumerProperties["sasl.mechanisms"] == "PLAIN")
        #expect(settings.consumerProperties["sasl.username"] == "alice")
        #expect(settings.consumerProperties["sasl.password"] == #"pa"ss;word"#)
        #expect(settings.warnings.isEmpty, "\(settings.warningText)")
    }

    @Test(arguments: ["SCRAM-SHA-256", "scram-sha-512"]) func `SCRAM is translated`(_ mechanism: String) throws {
        let module = "org.apache.kafka.common.security.scram.ScramLoginModule required username=a password=b;"
        let settings = try SettingsCase(
            file: """
                bootstrap.servers=k1
                security.protocol=SASL_PLAINTEXT
                sasl.mechanism=\(mechanism)
                sasl.jaas.config=\(module)
                """
        ).read()
        #expect(settings.consumerProperties["sasl.mechanisms"] == mechanism.uppercased())
        #expect(settings.consumerProperties["sasl.password"] == "b")
        #expect(settings.warnings.isEmpty, "\(settings.warningText)")
    }

    @Test func `Kerberos is translated where librdkafka was built with it`() throws {
        let settings = SettingsCase(
            file: """
                bootstrap.servers=k1
                security.protocol=SASL_PLAINTEXT
                sasl.mechanism=GSSAPI
                sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true \
                keyTab="/etc/martlet.keytab" principal="martlet@EXAMPLE" serviceName=broker;
                """
        )
        guard Library.features.contains("sasl_gssapi") else {
            let reason = try settings.error()?.reason
            #expect(reason?.contains("was built without sasl_gssapi") == true)
            return
        }
        let properties = try settings.read().consumerProperties
        #expect(properties["sasl.kerberos.keytab"] == "/etc/martlet.keytab")
        #expect(properties["sasl.kerberos.principal"] == "martlet@EXAMPLE")
        #expect(properties["sasl.kerberos.service.name"] == "broker")
    }

    @Test(
        arguments: [
            ("plain", "PLAIN", true), ("scram-sha-256", "SCRAM-SHA-256", false), (nil, "PLAIN", true),
        ] as [(String?, String, Bool)]
    )
    func `user and password are fields`(_ field: String?, _ mechanism: String, _ isReadable: Bool) throws {
        var settings = SettingsCase(properties: ["bootstrap.servers": "k1"])
        settings.fields = ["username": .string("u"), "password": .string("p")]
        if let field { settings.fields["sasl-mechanism"] = .string(field) }
        let read = try settings.read()
        #expect(read.consumerProperties["security.protocol"] == "sasl_plaintext")
        #expect(read.consumerProperties["sasl.mechanisms"] == mechanism)
        #expect(read.consumerProperties["sasl.username"] == "u")
        #expect(read.consumerProperties["sasl.password"] == "p")
        #expect(read.warningText.contains("goes over the network as it is") == isReadable)
        settings.fields["tls"] = .boolean(true)
        #expect(try settings.read().consumerProperties["security.protocol"] == "sasl_ssl")
        #expect(try settings.read().warnings.isEmpty)
    }

    @Test func `secrets stay secret`() throws {
        var settings = SettingsCase(properties: ["bootstrap.servers": "k1", "ssl.key.password": "hidden"])
        settings.fields = ["username": .string("u"), "password": .string("hidden"), "tls": .boolean(true)]
        let read = try settings.read()
        #expect(!"\(read)".contains("hidden"))
        #expect(!String(reflecting: read).contains("hidden"))
        var dumped = ""
        dump(read, to: &dumped)
        #expect(!dumped.contains("hidden"))
    }

    @Test(arguments: [
        (["sasl.mechanism": "PLAIN", "security.protocol": "SASL_SSL"], "username", "needs a user and a password"),
        (
            ["sasl.mechanism": "DIGEST-MD5", "security.protocol": "SASL_SSL"], "properties",
            "is DIGEST-MD5; known are PLAIN"
        ),
        (["sasl.mechanism": "OAUTHBEARER", "security.protocol": "SASL_SSL"], "properties", "OAUTHBEARER"),
        (["sasl.mechanism": "GSSAPI", "security.protocol": "SASL_SSL"], "properties", "needs sasl.kerberos.keytab"),
        (["security.protocol": "TLS"], "properties", "is refused: "),
        (
            [
                "security.protocol": "SASL_SSL",
                "sasl.jaas.config": "x.OAuthBearerLoginModule required clientSecret=hush;",
            ],
            "properties", "has the login module OAuthBearerLoginModule, which cannot be translated"
        ),
        (
            ["security.protocol": "SASL_SSL", "sasl.jaas.config": "x.PlainLoginModule required p=hush"], "properties",
            "semicolon"
        ),
        (["ssl.certificate.location": "/c", "security.protocol": "SSL"], "properties", "needs key-file beside it"),
    ])
    func `what cannot work is refused`(_ properties: [String: String], _ field: String, _ reason: String) throws {
        let error = try SettingsCase(
            properties: properties.merging(["bootstrap.servers": "k1"]) { $1 }
        ).error()
        #expect(error?.field == field)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
        #expect(error?.reason.contains("hush") == false)
    }

    @Test func `what needs another protocol is named and does nothing`() throws {
        let settings = try SettingsCase(
            file: "bootstrap.servers=k1\nsasl.mechanism=PLAIN\n\(Self.jaas)\nssl.key.password=x"
        ).read()
        #expect(settings.consumerProperties["security.protocol"] == "plaintext")
        #expect(settings.consumerProperties["sasl.password"] == nil)
        #expect(settings.warningText.contains("security.protocol has no SASL"))
        #expect(settings.warningText.contains("connections are not encrypted"))
    }

    @Test func `certificates are fields, and imply TLS`() throws {
        try withFiles(["ca.pem": "-----BEGIN CERTIFICATE-----", "key.pem": "k", "cert.pem": "c"]) { directory in
            var settings = SettingsCase(properties: ["bootstrap.servers": "k1"])
            settings.fields["ca-file"] = .string("\(directory)/ca.pem")
            var properties = try settings.read().consumerProperties
            #expect(properties["security.protocol"] == "ssl")
            #expect(properties["ssl.ca.location"] == "\(directory)/ca.pem")
            settings.fields["certificate-file"] = .string("\(directory)/cert.pem")
            #expect(try settings.error()?.field == "certificate-file")
            settings.fields["key-file"] = .string("\(directory)/key.pem")
            properties = try settings.read().consumerProperties
            #expect(properties["ssl.key.location"] == "\(directory)/key.pem")
            settings.fields["tls"] = .boolean(false)
            #expect(try settings.error()?.field == "tls")
            settings.fields = ["ca-file": .string("\(directory)/none.pem")]
            #expect(try settings.error()?.reason == "\(directory)/none.pem cannot be read: No such file or directory")
        }
    }

    @Test func `verification is turned off with a warning only`() throws {
        let settings = try SettingsCase(
            properties: ["bootstrap.servers": "k1"],
            fields: ["tls": .boolean(true), "verify": .boolean(false)]
        ).read()
        #expect(settings.consumerProperties["enable.ssl.certificate.verification"] == "false")
        #expect(settings.consumerProperties["ssl.endpoint.identification.algorithm"] == "none")
        #expect(settings.warnings.map(\.field) == ["verify"])
    }

    @Test func `a trust store in PEM is taken, others are refused with the commands that convert them`() throws {
        let pem = "Subject: x\n-----BEGIN CERTIFICATE-----\n"
        try withFiles(["a.pem": pem, "a.jks": "\u{FE}", "a.p12": "0", "a.txt": "hello"]) { directory in
            func settings(_ name: String) -> SettingsCase {
                SettingsCase(
                    file: """
                        bootstrap.servers=k1
                        security.protocol=SSL
                        ssl.truststore.location=\(directory)/\(name)
                        ssl.truststore.type=PEM
                        ssl.endpoint.identification.algorithm=
                        """
                )
            }
            let read = try settings("a.pem").read()
            #expect(read.consumerProperties["ssl.ca.location"] == "\(directory)/a.pem")
            #expect(read.consumerProperties["ssl.endpoint.identification.algorithm"] == "none")
            let jks = try settings("a.jks").error()?.reason ?? ""
            #expect(
                jks.contains(
                    "keytool -importkeystore -srckeystore \(directory)/a.jks -destkeystore \(directory)/a.jks.p12"
                )
            )
            #expect(jks.contains("openssl pkcs12 -in \(directory)/a.jks.p12 -nokeys -out \(directory)/a.jks.pem"))
            #expect(jks.hasSuffix("set ca-file: \(directory)/a.jks.pem"))
            let pkcs12 = try settings("a.p12").error()?.reason ?? ""
            #expect(pkcs12.contains("openssl pkcs12 -in \(directory)/a.p12 -nokeys -out \(directory)/a.p12.pem"))
            #expect(try settings("a.txt").error()?.reason.contains("neither PEM nor PKCS12") == true)
            #expect(try settings("none.p12").error()?.reason.contains("No such file") == true)
            // On another machine than CloudStack's the store is not there; its name tells what to do.
            #expect(try settings("none.jks").error()?.reason.contains("keytool -importkeystore") == true)
            // What the message asks for is enough, with CloudStack's file as it stands.
            var mended = settings("none.jks")
            mended.fields["ca-file"] = .string("\(directory)/a.pem")
            let other = try mended.read()
            #expect(other.consumerProperties["ssl.ca.location"] == "\(directory)/a.pem")
            #expect(other.warningText.contains("ca-file stands above it"))
        }
    }

    @Test func `a key store may be PKCS12 or PEM`() throws {
        try withFiles(["a.pem": "-----BEGIN PRIVATE KEY-----", "a.jks": "\u{FE}", "a.p12": "0"]) { directory in
            func settings(_ name: String) -> SettingsCase {
                SettingsCase(
                    properties: [
                        "bootstrap.servers": "k1", "security.protocol": "SSL", "ssl.keystore.password": "p",
                        "ssl.keystore.location": "\(directory)/\(name)",
                    ]
                )
            }
            let pkcs12 = try settings("a.p12").read().consumerProperties
            #expect(pkcs12["ssl.keystore.location"] == "\(directory)/a.p12")
            #expect(pkcs12["ssl.keystore.password"] == "p")
            let pem = try settings("a.pem").read().consumerProperties
            #expect(pem["ssl.certificate.location"] == "\(directory)/a.pem")
            #expect(pem["ssl.key.location"] == "\(directory)/a.pem")
            #expect(try settings("a.jks").error()?.reason.contains("keytool -importkeystore") == true)
        }
    }

    /// Runs a body with files of Latin-1 text in a directory that is removed.
    private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let directory = try ScratchDirectory.make()
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files {
            try #require(text.data(using: .isoLatin1)).write(to: directory.appending(path: name))
        }
        try body(directory.path)
    }
}
