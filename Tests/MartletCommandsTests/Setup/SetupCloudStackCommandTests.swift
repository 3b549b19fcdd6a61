import ArgumentParser
import Foundation
import MartletJSON
import Testing

@testable import MartletCommands

struct SetupCloudStackCommandTests {
    private static let password = ["MARTLET_BROKER_PASSWORD": "s3cret-passw0rd"]

    private static func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    private static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test(arguments: [("4.19", "core"), ("4.20", "event")])
    func `the files lie where the version looks for them`(version: String, directory: String) async throws {
        let folder = try TemporaryFolder()
        let run = try await run(
            "setup",
            "cloudstack",
            "--kafka",
            "k1,k2",
            "--topic",
            "cs",
            "--cloudstack-version",
            version,
            "--output",
            folder.path
        )
        #expect(run.failure == nil)
        let context =
            "\(folder.path)/etc/cloudstack/management/META-INF/cloudstack/\(directory)/spring-event-bus-context.xml"
        #expect(try Self.text(context).contains("org.apache.cloudstack.mom.kafka.KafkaEventBus"))
        let properties = "\(folder.path)/etc/cloudstack/management/kafka.producer.properties"
        #expect(try Self.text(properties).contains("bootstrap.servers=k1:9092,k2:9092\ntopic=cs\n"))
        #expect(try Self.mode(properties) == 0o644)
        #expect(run.output.contains("bootstrap-servers: [\"k1:9092\", \"k2:9092\"]"))
        #expect(run.output.contains("systemctl restart cloudstack-management"))
    }

    @Test func `a password is in the file alone, and the file is nobody else's`() async throws {
        let folder = try TemporaryFolder()
        let run = try await run(
            ["setup", "cloudstack", "--rabbitmq", "mq", "--cloudstack-version", "4.20", "--output", folder.path],
            environment: Self.password
        )
        let file = "\(folder.path)/etc/cloudstack/management/META-INF/cloudstack/event/spring-event-bus-context.xml"
        #expect(try Self.text(file).contains("s3cret-passw0rd"))
        #expect(try Self.mode(file) == 0o600)
        #expect(!(run.output + run.errors).contains("s3cret-passw0rd"))
    }

    @Test func `what exists is not replaced unless it is the same or forced`() async throws {
        let folder = try TemporaryFolder()
        func write(_ topic: String, _ more: String...) async throws -> CommandRun {
            try await run(
                [
                    "setup", "cloudstack", "--kafka", "k1", "--topic", topic, "--cloudstack-version", "4.20",
                    "--output", folder.path,
                ]
                    + more
            )
        }
        let file = "\(folder.path)/etc/cloudstack/management/kafka.producer.properties"
        #expect(try await write("one").failure == nil)
        #expect(try await write("one").failure == nil)
        let refused = try await write("two")
        #expect(refused.status == .failed)
        #expect(refused.failure?.message.contains(file) == true)
        #expect(refused.failure?.message.contains("--force") == true)
        #expect(try Self.text(file).contains("topic=one"))
        #expect(try await write("two", "--force").failure == nil)
        #expect(try Self.text(file).contains("topic=two"))
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/etc/cloudstack/management")
        #expect(left.sorted() == ["META-INF", "kafka.producer.properties"])
    }

    @Test func `a made up secret of a webhook is written once and printed never`() async throws {
        let folder = try TemporaryFolder()
        let arguments = [
            "setup", "cloudstack", "--webhook", "https://martlet.example", "--source", "prod", "--cloudstack-version",
            "4.20",
            "--output", folder.path,
        ]
        let run1 = try await run(arguments)
        let file = "\(folder.path)/etc/martlet/cloudstack-webhook.secret"
        let secret = try Self.text(file).trimmingCharacters(in: .newlines)
        #expect(secret.count == 64)
        #expect(try Self.mode(file) == 0o600)
        #expect(!run1.output.contains(secret))
        #expect(run1.output.contains("payloadurl=https://martlet.example/v1/sources/prod \\"))
        #expect(try await run(arguments).failure == nil)
        #expect(try Self.text(file) == secret + "\n")
    }

    @Test(arguments: [80, 120])
    func `prose fits the terminal`(width: Int) async throws {
        let folder = try TemporaryFolder()
        let run = try await run(
            [
                "setup", "cloudstack", "--rabbitmq", "mq", "--tls", "--kafka", "k1", "--topic", "cs", "--webhook",
                "https://m.example", "--cloudstack-version", "4.20", "--output", folder.path, "--color", "never",
            ],
            environment: Self.password,
            width: width
        )
        // Commands and paths are copied: they are never cut.
        let long = run.lines.filter { $0.count > width && !$0.contains(folder.path) }
        #expect(long.allSatisfy { $0.contains("/etc/") || $0.contains("etc/cloudstack") || $0.contains("rabbitmqctl") })
        #expect(run.output.contains("  - It knows one address."))
        #expect(run.lines.filter { $0 == "  sources:" }.count == 1)
    }

    @Test func `programs get all of it in JSON`() async throws {
        let folder = try TemporaryFolder()
        let run = try await run(
            [
                "setup", "cloudstack", "--kafka", "k1", "--topic", "cs", "--cloudstack-version", "4.20", "--json",
                "--output",
            ]
                + [folder.path]
        )
        #expect(run.lines.count == 1)
        let root = try JSONDocument(parsing: run.output).root
        #expect(root["files"]?.elements.map { $0["mode"]?.string } == ["0640", "0640"])
        #expect(
            root["source"]?.string?.hasPrefix("sources:\n  cloudstack:\n    format: cloudstack\n    kafka:") == true
        )
        #expect(root["limits"]?.count == 4)
    }

    @Test func `a password can be typed, and is not asked for where nobody is`() async throws {
        let folder = try TemporaryFolder()
        let arguments = [
            "setup", "cloudstack", "--rabbitmq", "mq", "--cloudstack-version", "4.20", "--output", folder.path,
        ]
        let unasked = try await run(arguments)
        #expect(unasked.status == .usage)
        #expect(
            unasked.failure?.message
                == "There is no password of cloudstack: name a file with --password-file, or set MARTLET_BROKER_PASSWORD."
        )
        let asked = try await run(arguments, answer: "typed-s3cret")
        #expect(asked.failure == nil)
        #expect(asked.errors == "password of cloudstack (not shown): \n")
        #expect(!asked.output.contains("typed-s3cret"))
    }

    @Test(arguments: ["", "\n", "a\u{1}b"])
    func `a file without a usable password is an error that does not show it`(content: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("password", content)
        let run = try await run(
            "setup",
            "cloudstack",
            "--rabbitmq",
            "mq",
            "--cloudstack-version",
            "4.20",
            "--password-file",
            file,
            "--output",
            folder.path
        )
        #expect(run.status == .usage)
        #expect(run.failure?.message.contains("\u{1}") == false)
    }

    @Test func `properties that the options say already are refused`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("more.properties", "bootstrap.servers = other:9092\n")
        let run = try await run(
            "setup",
            "cloudstack",
            "--kafka",
            "k1",
            "--topic",
            "cs",
            "--kafka-properties",
            file,
            "--cloudstack-version",
            "4.20"
        )
        #expect(run.status == .usage)
        #expect(
            run.failure?.message
                == "\(file) has bootstrap.servers, which the options say already. Take it out of the file."
        )
    }

    @Test(arguments: [
        [], ["--kafka", "k1"], ["--kafka", "http://k1", "--topic", "cs"], ["--kafka", "k1", "--topic", "a b"],
        ["--topic", "cs", "--rabbitmq", "mq"], ["--rabbitmq", "a,b"], ["--rabbitmq", "mq", "--exchange", ""],
        ["--webhook", "ftp://m"], ["--webhook", "https://user:pw@m"],
        ["--kafka", "k1", "--topic", "cs", "--api-key-file", "x"],
        ["--kafka", "k1", "--topic", "cs", "--check", "--management-server", "http://ms1"],
        ["--kafka", "k1", "--topic", "cs", "--probe", "--management-server", "http://ms1"],
        ["--kafka", "k1", "--topic", "cs", "--cloudstack-version", "nonsense"], ["--kafka", "k1", "--topic", "cs"],
        [
            "--webhook", "https://m", "--probe", "--management-server", "http://ms1", "--api-key-file", "a",
            "--secret-key-file", "b",
        ],
        ["--kafka", "k1", "--topic", "cs", "--cloudstack-version", "4.20", "--source", "a b"],
    ])
    func `a command line that makes no sense is refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try MartletCommand.parseAsRoot(["setup", "cloudstack"] + arguments) }
    }

    @Test func `a webhook is judged without a broker`() async throws {
        let run = try await run("setup", "cloudstack", "--webhook", "http://10.0.0.1/hook", "--check", "--json")
        #expect(run.failure == nil)
        let verdicts = try run.lines.map { try JSONDocument(parsing: $0).root["verdict"]?.string }
        #expect(verdicts == ["advice", "advice", "unknown"])
    }

    @Test func `findings are aligned, with what to do below`() {
        let findings = [
            Finding.ok("connection", "There."),
            .problem("topic", "Missing, as far as can be seen.", remedy: "Make it, please."),
            .advice("queue", "Old.", remedy: "Renew."),
        ]
        let text = FindingPage.lines(findings, width: 44).map { $0.render(inColour: false) }.joined(separator: "\n")
        #expect(
            text == """
                ok       connection  There.
                problem  topic       Missing, as far as can
                                     be seen.
                                     Make it, please.
                advice   queue       Old.
                                     Renew.

                1 problem, 1 to improve
                """
        )
    }
}
