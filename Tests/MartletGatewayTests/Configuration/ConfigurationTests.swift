import Foundation
import Martlet
@testable import MartletGateway
import MartletPipeline
import Testing

@Suite struct ConfigurationTests {
    private func findings(_ text: String, environment: [String: String] = [:]) -> [String] {
        do {
            let configuration = try Configuration(text: text, file: "test.yaml", environment: environment)
            return configuration.warnings.map(\.description)
        } catch {
            return error.findings.map(\.description)
        }
    }

    @Test func `an empty file is the default: three sources over HTTP on the loopback`() throws {
        for text in ["", "# nothing\n", Configuration.defaultText] {
            let configuration = try Configuration(text: text, file: "", environment: [:])
            #expect(configuration.listen.description == "127.0.0.1:8585")
            #expect(configuration.sources.map(\.name) == ["cloudstack", "openstack", "events"])
            #expect(configuration.sources.map(\.format) == ["cloudstack", "oslo", "cloudevents"])
            #expect(configuration.store.isSynchronous)
        }
    }

    @Test(arguments: [
        ("", Int64?.some(30), RetentionPolicy.Size?.some(.share(0.8))), ("retain: 7d", 7, .share(0.8)),
        ("retain: forever", nil, nil), ("retain: { size: 200GiB }", 30, .bytes(200 << 30)),
        ("retain: { age: forever, size: 12.5% }", nil, .share(0.125)), ("retain: { age: 2d, size: forever }", 2, nil),
    ])
    func `how long the log is kept is an age, a size or both`(
        text: String,
        days: Int64?,
        size: RetentionPolicy.Size?
    ) throws {
        let configuration = try Configuration(text: "store: { path: x, \(text) }", file: "", environment: [:])
        #expect(configuration.store.retention.age == days.map { .seconds($0 * 86_400) })
        #expect(configuration.store.retention.size == size)
    }

    @Test(arguments: [
        ("retain: soon", "store.retain: is “soon”, and should be a duration"),
        ("retain: 5s", "should be from a minute to a hundred years"),
        ("retain: { size: 100% }", "store.retain.size: is “100%”, and should be a share of the disk from 1% to 99%"),
        ("retain: { days: 3 }", "store.retain.days"),
    ])
    func `what is no retention is found`(text: String, finding: String) {
        let found = findings("store: { path: x, \(text) }")
        #expect(found.count == 1 && found.first?.contains(finding) == true, "\(found)")
    }

    @Test func `a forwarder is read with everything that it can say`() throws {
        let text = """
            sources:
              prod: { cloud: c1, region: r1, http: { secret: "${HOOK}" }, format: cloudstack, ignore: ["*.AsyncJobEvent.#"] }
            forwarders:
              noc:
                match: [{ topic: "#", category: alert }, "*.UsageEvent.#"]
                clouds: [c1]
                protect: { audience: user, drop: ["(?i)password", "flavor.extra_specs.*"], mask: [mail] }
                webhook: { url: "https://noc.example/hooks", secret: { file: SECRET_FILE } }
                body: event
                retry: { attempts: 5, initial-delay: 2s, factor: 3, max-delay: 10m, jitter: none, give-up-after: 1d }
                order: strict
                start: earliest
                sync: true
              log: { log: {} }
            """
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-secret-\(UUID().uuidString)")
        try "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = try Configuration(
            text: text.replacing("SECRET_FILE", with: file.path),
            file: "",
            environment: ["HOOK": "s3"]
        )
        let source = try #require(configuration.sources.first)
        #expect(source.origin == Origin(sourceName: "prod", cloud: "c1", region: "r1"))
        #expect(source.settings.strings("secret") == ["s3"])
        #expect(source.ignore.map(\.description) == ["*.AsyncJobEvent.#"])
        let forwarder = try #require(configuration.forwarders.first)
        #expect(forwarder.kind == "webhook")
        #expect(forwarder.settings.strings("secret") == ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])
        #expect(forwarder.filter.matches.count == 2)
        #expect(forwarder.filter.matches[0].attributes == ["category": "alert"])
        #expect(forwarder.filter.clouds == ["c1"])
        #expect(forwarder.protection.audience == .user)
        #expect(forwarder.retry.attempts == 5)
        #expect(forwarder.retry.maximumDelay == .seconds(600))
        #expect(forwarder.order == .strict)
        #expect(forwarder.start == .earliest)
        #expect(forwarder.filter.takesSync)
        // What a sync has found is for those only who say so.
        #expect(configuration.forwarders.last?.filter.takesSync == false)
    }

    @Test(arguments: [
        ("lisen: 127.0.0.1:1", "1:1: error: lisen: there is no key “lisen” here; did you mean “listen”?"),
        ("listen: here", "1:9: error: listen: is “here”, and should be HOST:PORT"),
        ("sources: { a: { http: {} } }", "“format” is missing"),
        ("sources: { a: { format: cloudstak, http: {} } }", "did you mean “cloudstack”?"),
        ("sources: { a: { format: cloudstack } }", "names no transport"),
        ("sources: { \"a b\": { format: cloudstack, http: {} } }", "a name has up to 64 letters"),
        ("forwarders: { a: { } }", "names no sink"),
        ("forwarders: { a: { webhook: {} } }", "“url” is missing"),
        ("forwarders: { a: { webhook: { url: nowhere } } }", "should be a URL"),
        ("forwarders: { a: { log: {}, file: { path: x } } }", "there is a sink already"),
        ("forwarders: { a: { log: {}, match: [\"a.b*.c\"] } }", "is no topic pattern"),
        ("forwarders: { a: { log: {}, match: [{ topic: \"#\", category: alrt }] } }", "did you mean “alert”?"),
        ("forwarders: { a: { log: {}, where: \"type = 'x'\" } }", "expressions are not built yet"),
        ("forwarders: { a: { log: {}, protect: { drop: [\"(\"] } } }", "neither a path nor a regular expression"),
        ("forwarders: { a: { log: {}, body: original, protect: { audience: user } } }", "cannot be protected"),
        ("forwarders: { a: { log: {}, retry: { attempts: 0 } } }", "a whole number from 1 to 1000"),
        ("forwarders: { a: { log: {}, retry: { initial-delay: soon } } }", "should be a duration"),
        ("forwarders: { a: { log: {}, sync: maybe } }", "forwarders.a.sync: is “maybe”, and should be true or false"),
        ("forwarders: { a: { log: {}, start: yesterday } }", "should be now, earliest or a time"),
        (
            "forwarders: { a: { webhook: { url: \"https://x.example\", secret: short } } }",
            ": error: forwarders.a.webhook.secret: is not base64"
        ),
        (
            "forwarders: { a: { webhook: { url: \"https://x.example\", allow-networks: [here] } } }",
            "webhook.allow-networks"
        ),
        ("enrichers: { a: 1 }", "is a mapping, and should be a list"),
        ("store: [1]", "is a list, and should be a mapping"),
        ("store: { path: \"${NOWHERE}\" }", "NOWHERE is not set"),
        ("store: { path: { file: /nowhere/at/all } }", "cannot be read"),
        ("store: { path: a, path: b }", "stands twice"),
        ("limits: { body: much }", "should be a size"),
        ("a: [", "is no YAML"),
    ])
    func `a mistake is found with its place and the remedy`(text: String, expected: String) {
        let found = findings(text)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test func `all mistakes are found at once, in the order of the file`() {
        let text = """
            listen: here
            store:
              pth: x
            forwarders:
              a:
                match: ["**"]
                webhook: { url: 7, time-out: 3s }
            """
        let found = findings(text)
        #expect(found.count == 5, "\(found)")
        #expect(found.map { $0.prefix { $0 != ":" } } == ["1", "3", "6", "7", "7"])
    }

    @Test(arguments: [
        "listen: a\nlisten: b\nx: SEED", "a: [SEED", "store: { path: [SEED] }", "sources: { SEED x: 1 }\n\t",
    ])
    func `no finding quotes a file's secrets`(text: String) {
        let found = findings("\(text)\nsources: { c: { http: { secret: SEEDED }, format: cloudstack } }")
        #expect(!found.isEmpty)
        #expect(!found.contains { $0.contains("SEEDED") }, "\(found)")
    }

    @Test func `a slip in an attribute's name is a warning`() {
        let found = findings("forwarders: { a: { log: {}, match: [{ topic: \"#\", resourcetipe: x }] } }")
        #expect(found.count == 1)
        #expect(found.first?.contains("warning") == true)
        #expect(found.first?.contains("resourcetype") == true)
    }

    @Test(arguments: [
        (
            "sources: { s: { kafka: { bootstrap-servers: 'k2:9092,k1:9092', topics: [a, b] }, format: cloudstack } }\n"
                + "forwarders: { f: { kafka: { topic: b, properties: { bootstrap.servers: 'k1:9092,k2:9092' } } } }",
            "error: forwarders.f.kafka: writes to “b”, which the source s reads"
        ),
        (
            "sources: { s: { amqp: { url: 'amqp://u:p@mq/', exchanges: [x] }, format: cloudstack } }\n"
                + "forwarders: { f: { amqp: { url: 'amqp://v:q@MQ:5672', exchange: x } } }",
            "warning: forwarders.f.amqp: writes to “x”, which the source s reads"
        ),
        (
            "sources: { s: { amqp: { url: 'amqp://mq/', queue: q }, format: cloudstack }, "
                + "t: { amqp: { url: 'amqp://mq/', queue: q }, format: cloudstack } }",
            "error: sources.t.amqp: reads through the same “q” as s"
        ),
    ])
    func `parts that would feed or starve each other are found`(text: String, expected: String) {
        let found = findings(text)
        #expect(found.count == 1)
        #expect(found.first?.contains(expected) == true, "\(found)")
    }

    @Test(arguments: [
        ("transport-url: 'rabbit://u:p@mq1:5672,u:p@mq2:5672/', exchanges: [nova, openstack], queue: martlet", nil),
        ("url: 'amqp://mq', exchanges: [nova], priorities: [info], drain-default-queues: true", nil),
        ("url: 'amqp://mq'", "error: sources.s.amqp.exchanges: is missing"),
        ("url: 'amqp://mq', exchanges: [nova], bindings: ['#']", "error: sources.s.amqp.bindings: is what topics"),
        ("url: 'amqp://mq', exchanges: [nova], priorities: [warning]", "error: sources.s.amqp.priorities: "),
        ("transport-url: 'rabbit://mq/?nonsense=1', exchanges: [nova]", "warning: sources.s.amqp.transport-url: "),
    ])
    func `a source of notifications knows what it reads by its format`(fields: String, expected: String?) {
        let found = findings("sources: { s: { amqp: { \(fields) }, format: oslo } }")
        #expect(found.count == (expected == nil ? 0 : 1), "\(found)")
        #expect(found.first?.contains(expected ?? "") ?? (expected == nil), "\(found)")
    }

    @Test func `the same names at other brokers, or other keys of one exchange, are nobody's concern`() {
        let found = findings(
            """
            sources:
              s: { kafka: { bootstrap-servers: k1, topics: [a] }, format: cloudstack }
              t: { kafka: { bootstrap-servers: k1, topics: [b] }, format: cloudstack }
              u: { amqp: { url: "amqp://mq/", exchanges: [x], bindings: ["a.#"] }, format: cloudstack }
            forwarders:
              f: { kafka: { topic: a, properties: { bootstrap.servers: k2 } } }
              g: { amqp: { url: "amqp://mq/", exchange: x } }
            """
        )
        #expect(found == [])
    }

    @Test(arguments: [
        ("127.0.0.1:0", "127.0.0.1:0"), ("[::1]:8585", "[::1]:8585"), ("localhost:80", "localhost:80"),
        ("8585", nil), (":80", nil), ("::1:80", nil), ("a:65536", nil), ("a:b", nil),
    ])
    func `an address to listen at is read`(text: String, expected: String?) {
        #expect(Configuration.Listen(text)?.description == expected)
    }

    @Test func `every example of a component is a configuration that passes`() throws {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "martlet-test-\(UUID().uuidString).properties"
        )
        try "bootstrap.servers=k1.example:9092\ntopic=cs\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        for description in BuiltInComponents.all where description.kind == .sink || description.kind == .source {
            // What the reader of the page has, and this machine has not.
            let text = description.example
                .replacing("/etc/cloudstack/management/kafka.producer.properties", with: file.path)
                .replacing(#/\{ file: [^}]* \}/#, with: "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0")
                .replacing(#/\$\{[A-Z_]+\}/#, with: "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0")
            #expect(findings(text) == [], "\(description.name)")
        }
    }
}
