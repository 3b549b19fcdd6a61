import MartletGateway
import Testing

struct RedactedConfigurationTests {
    private func redact(_ yaml: String, environment: [String: String] = [:], files: [String: String] = [:])
        -> RedactedConfiguration
    {
        RedactedConfiguration(yaml, environment: environment) { files[$0] }
    }

    @Test func `secrets are cut by the components' own descriptions, and the rest stays`() {
        let redacted = redact(
            """
            listen: 127.0.0.1:8585
            sources:
              prod: { format: cloudstack, http: { secret: [hunter2one, hunter2two] } } # hunter2 in a comment
            forwarders:
              noc:
                match: [{ topic: "#", category: alert }]
                webhook:
                  url: https://u:hunter2@noc.example:8443/services/T00/B00/hunter2hunter2?x=hunter2
                  secret: ${SECRET}
                  headers: { Authorization: "Bearer hunter2", X-Anything: hunter2, Content-Type: text/plain }
            """
        )
        #expect(!redacted.text.contains("hunter2"))
        #expect(redacted.text.contains("listen: 127.0.0.1:8585"))
        #expect(redacted.text.contains("category: alert"))
        #expect(redacted.text.contains("url: https://(secret)@noc.example:8443/…"))
        #expect(redacted.text.contains("secret: ${SECRET}"))
        #expect(redacted.text.contains("Content-Type: text/plain"))
    }

    @Test func `what enrichers log in with is cut, and known for other texts`() {
        let redacted = redact(
            """
            enrichers:
              - cloudstack: { cloud: prod, endpoint: "https://cloud/client/api", api-key: hunter2key, secret-key: hunter2secret }
              - openstack: { cloud: osp, keystone: { auth-url: "https://k:5000/v3", username: martlet, password: hunter2pass } }
            forwarders: { cmdb: { enrich-wait: 2s } }
            """
        )
        #expect(!redacted.text.contains("hunter2"))
        #expect(redacted.text.contains("endpoint: https://cloud/"))
        #expect(redacted.text.contains("username: martlet"))
        #expect(redacted.text.contains("enrich-wait: 2s"))
        #expect(redacted.secrets.cut(from: "hunter2secret hunter2pass") == "(secret) (secret)")
    }

    @Test func `where a secret lies is shown, and what it is there is known`() {
        let redacted = redact(
            """
            forwarders:
              noc:
                webhook: { url: "https://${USER_OF_NOC}:${PASSWORD}@noc/", secret: { file: /run/secrets/noc } }
            """,
            environment: ["PASSWORD": "hunter2env"],
            files: ["/run/secrets/noc": "hunter2file\n"]
        )
        #expect(redacted.text.contains("file: /run/secrets/noc"))
        #expect(redacted.secrets.cut(from: "hunter2env hunter2file") == "(secret) (secret)")
    }

    @Test(arguments: [
        "sources: { prod: { http: { secrte: hunter2 } } }", "sources: { prod: { amqqp: { password: hunter2 } } }",
        "sources: hunter2", "sources: [hunter2]", "forwarders: { noc: { webhook: hunter2 } }",
        "hunter2: { hunter2: hunter2 }",
        "enrichers: [{ cloudstack: { secret-key: hunter2 } }]", "enrichers: hunter2",
        "enrichers: [{ cloudstack: { secret-kye: hunter2 } }]", "enrichers: { cloudstack: { secret-key: hunter2 } }",
        "forwarders: { noc: { webhook: { secret: { fiel: hunter2 } } } }",
        "forwarders: { noc: { webhook: { url: [hunter2] } } }", "forwarders: { noc: { webhook: { url: hunter2 } } }",
        "store: { path: /x, password: hunter2 }", "a: hunter2: b", "- hunter2", "hunter2",
        "x: &a hunter2\\nsources: { p: { http: { secret: *a } } }",
        "forwarders: { noc: { webhook: { headers: { X-Hook: hunter2 } } } }",
    ])
    func `what stands where it does not belong is not shown`(yaml: String) {
        let text = redact(yaml.replacing("\\n", with: "\n")).text
        #expect(!text.replacing("hunter2:", with: "").contains("hunter2"))
    }

    @Test(arguments: [
        "amqp: { url: 'amqp://u:hunter2@mq1/' }", "amqp: { url: [amqps://u:hunter2@mq1, amqps://u:hunter2@mq2] }",
        "amqp: { transport-url: 'rabbit://u:hunter2@mq1:5672,u:hunter2@mq2:5672/v?x=hunter2' }",
        "amqp: { url: amqp://mq1/, username: martlet, password: hunter2 }",
        "kafka: { bootstrap-servers: k1, username: u, password: hunter2, key-password: hunter2 }",
        "kafka: { properties: { ssl.key.password: hunter2, sasl.password: hunter2, sasl.jaas.config: 'x password=\"hunter2\";' } }",
        "kafka: { properties: { bootstrap.servers: 'u:hunter2@k1', ssl.key.pem: hunter2 } }",
    ])
    func `no broker's password is shown`(component: String) {
        for part in ["sources", "forwarders"] {
            let redacted = redact("\(part): { one: { \(component) } }")
            #expect(!redacted.text.contains("hunter2"))
        }
    }

    @Test func `a password in a properties file is known, written over several lines too`() {
        let file = """
            sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
                username="cloudstack" \\
                password="hunter2hunter";
            ssl.keystore.password=store4711
            """
        let yaml = "sources: { one: { kafka: { properties-file: /etc/k.properties } } }"
        let secrets = redact(yaml, files: ["/etc/k.properties": file]).secrets
        #expect(secrets.cut(from: "hunter2hunter, store4711, cs") == "(secret), (secret), cs")
    }

    @Test func `what variables hold whose names say so is cut`() {
        let known = KnownSecrets(environment: ["AMQP_PASSWORD": "hunter2", "HOME": "/home/martlet"])
        #expect(known.cut(from: "hunter2 in /home/martlet") == "(secret) in /home/martlet")
    }
}
