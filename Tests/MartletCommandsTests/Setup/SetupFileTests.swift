import Foundation
import MartletTesting
import Testing

@testable import MartletCommands

struct SetupFileTests {
    private static let version = CloudStackVersion(major: 4, minor: 20)

    private static func rabbit(password: String = "s3cret", usesTLS: Bool = false) throws -> RabbitMQTarget {
        RabbitMQTarget(
            address: try #require(HostPort("mq", defaultPort: 5672)),
            virtualHost: "/",
            exchange: "cloudstack-events",
            username: "cloudstack",
            password: password,
            usesTLS: usesTLS
        )
    }

    private static func kafka(_ properties: String = "") throws -> KafkaTarget {
        KafkaTarget(
            bootstrap: try #require(HostPort.list("k1,k2:9093", defaultPort: 9092)),
            topic: "cs",
            properties: ProducerProperties(parsing: properties)
        )
    }

    @Test func `the producer's file has what CloudStack's guide has, and what keeps order and patience`() throws {
        let file = KafkaProducerFile(target: try Self.kafka()).file
        let lines = file.content.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "bootstrap.servers=k1:9092,k2:9093", "topic=cs", "acks=all", "retries=20", "retry.backoff.ms=500",
                "max.in.flight.requests.per.connection=1", "max.block.ms=5000",
            ]
        )
        #expect(file.target == "/etc/cloudstack/management/kafka.producer.properties")
        #expect(file.localMode == 0o644)
    }

    @Test func `the user's own properties win over the usual ones and stand as they were written`() throws {
        let properties = """
            # a comment
            acks = 1
            security.protocol: SASL_SSL
            sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
                username="cs" \\
                password="a\\=b";
            ! another comment
            """
        let file = KafkaProducerFile(target: try Self.kafka(properties)).file
        #expect(!file.content.contains("acks=all"))
        #expect(file.content.contains("acks = 1\nsecurity.protocol: SASL_SSL\nsasl.jaas.config="))
        #expect(file.content.hasSuffix("password=\"a\\=b\";\n"))
        #expect(file.localMode == 0o600)
    }

    @Test(arguments: [
        ("a=1", "a"), ("a:1", "a"), ("a 1", "a"), ("a\t1", "a"), (" a = 1", "a"), ("a", "a"), (#"a\=b=1"#, "a=b"),
        (#"a\:b=1"#, "a:b"), ("sasl.jaas.config=x\\\n  acks=0", "sasl.jaas.config"),
    ])
    func `a key ends where Java ends it`(text: String, key: String) {
        #expect(ProducerProperties(parsing: text).entries.map(\.key) == [key])
    }

    @Test(arguments: [
        "s3cret", #"<&>"'"#, "]]>", "pässwört", "a b", "--><!DOCTYPE x>", "&amp;", #"\"#, "日本",
    ])
    func `a real parser reads each value back as it was`(password: String) throws {
        var target = try Self.rabbit(password: password, usesTLS: true)
        target.exchange = "x\"y"
        let file = EventBusContextFile(version: Self.version, beans: [.rabbitMQ(target), .kafka(identifier: "second")])
            .file
        let beans = try Self.beans(of: file.content)
        #expect(beans["eventNotificationBus"]?["class"] == "org.apache.cloudstack.mom.rabbitmq.RabbitMQEventBus")
        #expect(beans["eventNotificationBus"]?["password"] == password)
        #expect(beans["eventNotificationBus"]?["exchange"] == "x\"y")
        #expect(beans["eventNotificationBus"]?["server"] == "mq")
        #expect(beans["eventNotificationBus"]?["port"] == "5672")
        #expect(beans["eventNotificationBus"]?["virtualHost"] == "/")
        #expect(beans["eventNotificationBus"]?["useSsl"] == "true")
        #expect(beans["second"]?["class"] == "org.apache.cloudstack.mom.kafka.KafkaEventBus")
        #expect(beans["second"]?["name"] == "second")
    }

    @Test(arguments: ["${database.password}", "a#{T(java.lang.Runtime)}b"])
    func `a value that Spring would evaluate is refused`(password: String) throws {
        let plan = SetupPlan(
            version: Self.version,
            targets: [.rabbitMQ(try Self.rabbit(password: password))],
            source: "cs"
        )
        let failure = #expect(throws: CommandFailure.self) { try plan.validate() }
        #expect(failure?.message.contains("Choose another password.") == true)
        #expect(failure?.message.contains(password) == false)
    }

    @Test(arguments: ["a\u{FFFF}b", "a\u{1}b"])
    func `a value that XML cannot hold is refused`(password: String) throws {
        let rabbit = SetupTarget.rabbitMQ(try Self.rabbit(password: password))
        let plan = SetupPlan(version: Self.version, targets: [rabbit], source: "cs")
        let failure = #expect(throws: CommandFailure.self) { try plan.validate() }
        #expect(failure?.message == "The password has a character that cannot be written in XML.")
    }

    @Test func `the name of an exchange is one word, and a pattern that matches only itself`() throws {
        var rabbit = try Self.rabbit()
        rabbit.exchange = "it's a.b"
        let plan = SetupPlan(version: Self.version, targets: [.rabbitMQ(rabbit)], source: "cs")
        let commands = plan.steps(directory: ".")[0].commands
        #expect(commands.contains(#"  '^martlet' '^martlet' '^(martlet.*|it'\''s a\.b)$'"#))
    }

    @Test func `several ways need 4 20, and webhooks, too`() throws {
        let kafka = SetupTarget.kafka(try Self.kafka())
        let rabbit = SetupTarget.rabbitMQ(try Self.rabbit())
        let webhook = SetupTarget.webhook(WebhookTarget(url: "https://m", secret: "s", name: "martlet"))
        let old = CloudStackVersion(major: 4, minor: 19)
        func validate(_ version: CloudStackVersion, _ targets: [SetupTarget]) throws {
            try SetupPlan(version: version, targets: targets, source: "cs").validate()
        }
        try validate(old, [kafka])
        try validate(Self.version, [kafka, rabbit, webhook])
        #expect(throws: CommandFailure.self) { try validate(old, [kafka, rabbit]) }
        #expect(throws: CommandFailure.self) { try validate(old, [webhook]) }
        #expect(throws: CommandFailure.self) { try validate(CloudStackVersion(major: 4, minor: 6), [kafka]) }
    }

    @Test func `the first bus has the usual name, the second one another`() throws {
        let plan = SetupPlan(
            version: Self.version,
            targets: [.rabbitMQ(try Self.rabbit()), .kafka(try Self.kafka())],
            source: "cs"
        )
        #expect(plan.beans.map(\.identifier) == ["eventNotificationBus", "eventNotificationBusKafka"])
        #expect(plan.sources.map(\.name) == ["cs-rabbitmq", "cs-kafka"])
        #expect(Set(plan.files.map(\.target)).count == plan.files.count)
    }

    @Test(arguments: [
        ("plain-word_1.2", "plain-word_1.2"), ("", "''"), ("two words", "'two words'"), ("it's", #"'it'\''s'"#),
        ("$(reboot)", "'$(reboot)'"), ("a;b", "'a;b'"),
    ])
    func `a word for the shell stays one word`(text: String, quoted: String) {
        #expect(text.quotedForShell == quoted)
    }

    @Test(arguments: [
        ("cs", "cs"), ("cloudstack-events", "cloudstack-events"), ("1", "\"1\""), ("true", "\"true\""),
        ("a: b", "\"a: b\""),
        ("#x", "\"#x\""), (#"a"b\c"#, #""a\"b\\c""#), ("", "\"\""),
    ])
    func `a value for YAML stays a text`(text: String, quoted: String) {
        #expect(text.quotedForYAML == quoted)
    }

    @Test func `the shell's own parser accepts the script and hands the values over unchanged`() throws {
        let folder = try TemporaryFolder()
        let target = WebhookTarget(
            url: "https://m.example/v1/sources/c's",
            secret: "s3cret",
            secretFile: try folder.file("a secret", "s3cret\n"),
            name: "it's $HOME"
        )
        let script = try folder.file("create.sh", WebhookFiles(target: target).files[0].content)
        // Stands for CloudMonkey: prints its arguments, one a line.
        let monkey = try folder.file("cmk", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: monkey)
        let output = try Self.output(of: "/bin/sh", ["-c", "PATH=\(folder.path):$PATH exec sh \(script)"])
        #expect(
            output.split(separator: "\n") == [
                "create", "webhook", "name=it's $HOME", "scope=Global", "sslverification=true",
                "payloadurl=https://m.example/v1/sources/c's", "secretkey=s3cret",
            ]
        )
    }

    /// The beans by their ids, with class and properties, as Python's parser sees them.
    private static func beans(of text: String) throws -> [String: [String: String]] {
        let program = """
            import json, sys, xml.dom.minidom
            beans = {}
            for bean in xml.dom.minidom.parse(sys.stdin.buffer).documentElement.getElementsByTagName("bean"):
                values = {p.getAttribute("name"): p.getAttribute("value") for p in bean.getElementsByTagName("property")}
                beans[bean.getAttribute("id")] = values | {"class": bean.getAttribute("class")}
            print(json.dumps(beans))
            """
        let output = try output(of: "/usr/bin/env", ["python3", "-c", program], input: text)
        return try JSONDecoder().decode([String: [String: String]].self, from: Data(output.utf8))
    }

    private static func output(of program: String, _ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        try process.runWithSignals()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let data = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
