import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Promise 9 and the operator's own secrets: a server that has one in every place where one can stand goes through successes and
/// failures, and none of them is found in anything that it says or keeps.
@Suite struct SecretTests {
    @Test func `no secret is in logs, answers, metrics, the doctor's report or the store`() async throws {
        let receiver = try await Receiver()
        let directory = try ScratchDirectory.make()
        let seeds = Seeds(directory: directory)
        try seeds.writeFiles()
        let server = try await Server(
            in: directory,
            configuration: seeds.configuration(receiver: receiver.url),
            environment: seeds.environment,
            options: ["--log-level", "trace"]
        )
        try await Self.publish(to: server)
        try await eventually("deliveries succeed, and what is wrong has failed") {
            let isDelivered = receiver.requests.count >= 2
            let states = try await server.get("/v1/forwarders").json["forwarders"]?.elements.map { $0["state"]?.string }
            let sources = try await ["mq", "bus"].asyncMap { try await server.source($0)["state"]?.string }
            return isDelivered && states?.contains("unavailable") ?? false && sources.contains("failing")
        }
        let areInUse = receiver.requests.allSatisfy { $0.headers["x-hook"] == seeds["header"] }
        #expect(areInUse, "The seeds are what is really sent.")

        var places = try await Self.answers(of: server)
        let address = "/proc/\(server.identifier)/cmdline"
        places["its command line"] = try String(contentsOfFile: address, encoding: .utf8)
        let report = directory.appending(path: "doctor.txt").path
        let config = directory.appending(path: "martlet.yaml").path
        let log = directory.appending(path: "serve.log").path
        let data = directory.appending(path: "data").path
        let doctor = try await Command.martlet(
            "doctor",
            "--config",
            config,
            "--data",
            data,
            "--log",
            log,
            "--output",
            report,
            on: server
        )
        #expect(doctor.status == 0, "\(doctor.errors)")
        places["doctor"] = doctor.output + doctor.errors
        places["the doctor's report"] = try String(contentsOfFile: report, encoding: .utf8)
        for arguments in [["status"], ["events"], ["forwarders", "list"], ["quarantine", "list"], ["check", config]] {
            let result = try await Command.run(
                Server.binary.path,
                arguments,
                environment: seeds.environment.merging(["MARTLET_URL": server.url, "MARTLET_TOKEN": server.token]) {
                    $1
                }
            )
            places["martlet \(arguments[0])"] = result.output + result.errors
        }
        #expect(server.stop() == 0)
        places["the log"] = server.logText
        for file in try FileManager.default.subpathsOfDirectory(atPath: data) where file != "admin.token" {
            let bytes = try Data(contentsOf: URL(filePath: "\(data)/\(file)"))
            places["the store's file \(file)"] = String(decoding: bytes, as: UTF8.self)
        }
        #expect(places["the log"]?.isEmpty == false && places.keys.contains { $0.hasSuffix("martlet.sqlite") })
        for (place, text) in places {
            for (name, secret) in seeds.all where text.contains(secret) {
                Issue.record("The secret “\(name)” is in \(place): \(text.lines(with: secret))")
            }
            #expect(!text.contains(server.token), "The administrator's token is in \(place).")
        }
    }

    @Test func `a configuration that is refused is told without its secrets`() async throws {
        let directory = try ScratchDirectory.make()
        let file = directory.appending(path: "martlet.yaml")
        let mistakes = [
            "sources: { a: { http: { secret: [s33ded, s33ded] }, format: cloudstack, expect-every: x } }",
            "sources: { a: { amqp: { url: \"amqp://u:s33ded@h:port/\" }, format: cloudstack } }",
            "sources: { a: { amqp: { url: \"amqp://u:s33ded/x@h/\" }, format: cloudstack } }",
            "sources: { a: { amqp: { url: \"u:s33ded@h\" }, format: cloudstack } }",
            "sources: { a: { kafka: { topics: [t], bootstrap-servers: \"u:s33ded@h:1\" }, format: cloudstack } }",
            "forwarders: { a: { webhook: { url: \"https://u:s33ded@h/x\", secret: s33ded } } }",
            "forwarders: { a: { webhook: { url: https://h/, secret: s33ded } } }",
            "forwarders: { a: { webhook: { url: https://h/, headers: { A: \"s33ded\\nx\" } } } }",
            "forwarders: { a: { kafka: { topic: t, password: s33ded } } }",
            "forwarders: { a: { kafka: { topic: t, properties: { sasl.jaas.config: '\(Self.brokenJAAS)' } } } }",
            "forwarders: { a: { webhook: { url: https://h/, secret: \"${SEED}\" }, order: \"${SEED}\" } }",
            "listen: \"${SEED}\"\nlimits: { body: { file: \(directory.path)/seed } }",
            "forwarders: { a: { webhook: { url: https://h/, secret: s33ded } }\n  broken: [",
        ]
        try "s33ded".write(to: directory.appending(path: "seed"), atomically: true, encoding: .utf8)
        for mistake in mistakes {
            try mistake.write(to: file, atomically: true, encoding: .utf8)
            for arguments in [["check", file.path], ["serve", "--config", file.path, "--data", directory.path]] {
                let result = try await Command.run(Server.binary.path, arguments, environment: ["SEED": "s33ded"])
                #expect(result.status == 78, "\(mistake): \(result.output)")
                #expect(!(result.output + result.errors).contains("s33ded"), "\(mistake): \(result.errors)")
            }
        }
    }

    /// The quotation mark within the password is not escaped.
    private static let brokenJAAS = #"x.PlainLoginModule required password="a"s33ded;"#

    /// Good events and bad, all of them with credentials in every place that is known for them.
    private static func publish(to server: Server) async throws {
        let event = """
            {"event":"VM.START","resource":"VirtualMachine","id":"1","status":"Completed","apikey":"s33ded-event-1",
            "nested":{"sessionkey":"s33ded-event-2","text":"{\\"_context_auth_token\\":\\"s33ded-event-3\\"}"},
            "url":"https://h/client/api?command=x&signature=s33ded-event-4&apiKey=s33ded-event-5"}
            """
        _ = try await server.post("/v1/sources/plain", event)
        _ = try await server.post("/v1/sources/plain", "{\"event\":\"X\"}\nno JSON, password=s33ded-event-6\n{}\n")
        _ = try await server.post("/v1/sources/signed", event, headers: [(name: "X-CS-Signature", value: "AAAA")])
        let attributes = [
            ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t"),
            ("ce-token", "s33ded-event-7"), ("ce-link", "https://h/?token=s33ded-event-8"),
            ("content-type", "text/plain"),
        ]
        let headers = attributes.map { (name: $0.0, value: $0.1) }
        _ = try await server.post("/v1/events", "password=s33ded-event-9", headers: headers)
        _ = try await server.get("/v1/status", token: "s33ded-wrong-token")
    }

    private static func answers(of server: Server) async throws -> [String: String] {
        var places: [String: String] = [:]
        for path in [
            "/metrics", "/v1/status", "/v1/forwarders", "/v1/components", "/v1/openapi.json", "/v1/quarantine",
            "/v1/dead-letters", "/v1/events?body=original", "/v1/events?body=event", "/v1/events?body=enriched",
            "/v1/resources?search=s33ded", "/readyz", "/v1/resources/VirtualMachine/1",
        ] {
            places[path] = try await server.get(path).text
        }
        return places
    }

    /// A secret of its own for each place of the configuration, and what they stand in.
    private struct Seeds {
        let directory: URL
        private static let words = [
            "hook", "amqp", "amqp-source", "kafka", "jaas", "header", "path", "signing", "file", "environment", "query",
        ]
        private static let events = (1...9).map { "event-\($0)" } + ["wrong-token"]

        /// By name; what is signed with is base64, as Standard Webhooks wants it.
        subscript(name: String) -> String {
            name == "signing" ? Data("s33ded-signing-key-of-32-bytes!!".utf8).base64EncodedString() : "s33ded-\(name)"
        }

        var all: [(String, String)] { (Self.words + Self.events).map { ($0, self[$0]) } }
        var environment: [String: String] { ["SEEDED_ENVIRONMENT": self["environment"]] }

        func writeFiles() throws {
            try self["file"].write(to: directory.appending(path: "secret"), atomically: true, encoding: .utf8)
            let properties = """
                bootstrap.servers=127.0.0.1:1
                security.protocol=SASL_PLAINTEXT
                sasl.mechanism=PLAIN
                sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
                  username="u" password="\(self["jaas"])";

                """
            let file = directory.appending(path: "kafka.properties")
            try properties.write(to: file, atomically: true, encoding: .utf8)
        }

        func configuration(receiver: String) -> String {
            """
            sources:
              signed: { http: { secret: ["\(self["hook"])", "${SEEDED_ENVIRONMENT}"] }, format: cloudstack }
              plain: { http: {}, format: cloudstack }
              events: { http: {}, format: cloudevents }
              mq: { amqp: { url: "amqp://u:\(self["amqp-source"])@127.0.0.1:1/", exchanges: [e], queue: q }, format: cloudstack }
              bus: { kafka: { properties-file: \(directory.path)/kafka.properties, topics: [t] }, format: cloudstack }
            forwarders:
              good:
                webhook:
                  url: "\(receiver)/services/\(self["path"])"
                  secret: "whsec_\(self["signing"])"
                  headers: { X-Hook: "\(self["header"])" }
                start: earliest
              away:
                webhook:
                  url: "http://127.0.0.1:1/services/\(self["path"])?key=\(self["query"])"
                  headers: { Authorization: "Bearer \(self["header"])" }
                start: earliest
              nowhere:
                webhook:
                  url: "http://no-such-host.invalid/\(self["path"])"
                  headers: { X-Key: { file: \(directory.path)/secret } }
                start: earliest
              rabbit: { amqp: { url: "amqp://u:\(self["amqp"])@127.0.0.1:1/", exchange: out }, start: earliest }
              stream:
                kafka: { topic: out, bootstrap-servers: "127.0.0.1:1", username: u, password: "\(self["kafka"])" }
                start: earliest
            """
        }
    }
}

extension String {
    /// The lines that hold a text, as far as a report wants them.
    fileprivate func lines(with text: String) -> [String] {
        split(separator: "\n").filter { $0.contains(text) }.prefix(3).map { String($0.prefix(300)) }
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
