import MartletPipeline
import Testing

@testable import MartletKafka

@Suite struct KafkaSettingsTests {
    /// As CloudStack's guide has it, and what people add.
    private static let guide = """
        bootstrap.servers=k1.example:9092,k2.example:9092
        acks=all
        topic=cs
        retries=1
        """

    @Test func `the file of CloudStack's guide works for a source as it stands`() throws {
        let settings = try SettingsCase(file: Self.guide).read()
        #expect(settings.bootstrapServers == ["k1.example:9092", "k2.example:9092"])
        #expect(settings.topicOfFile == "cs")
        #expect(settings.place == "kafka://k1.example:9092,k2.example:9092")
        #expect(settings.consumerProperties["metadata.broker.list"] == "k1.example:9092,k2.example:9092")
        #expect(settings.consumerProperties["message.send.max.retries"] == nil)
        #expect(settings.warnings.count == 1)
        let text = settings.warningText
        #expect(text.hasPrefix("acks, retries of "))
        #expect(text.hasSuffix(" do nothing here: a producer's property, and this reads"))
        #expect(settings.warnings.map(\.field) == ["properties-file"])
    }

    @Test func `a consumer commits nothing by itself, and never resets in silence`() throws {
        let properties = try SettingsCase(file: Self.guide).read().consumerProperties
        #expect(properties["enable.auto.commit"] == "false")
        #expect(properties["enable.auto.offset.store"] == "false")
        #expect(properties["auto.offset.reset"] == "error")
        #expect(properties["partition.assignment.strategy"] == "cooperative-sticky")
        #expect(properties["isolation.level"] == "read_committed")
        #expect(properties["security.protocol"] == "plaintext")
    }

    @Test func `Java's own keys are translated, or named once with the reason`() throws {
        let settings = try SettingsCase(
            file: Self.guide + """

                key.serializer=org.apache.kafka.common.serialization.StringSerializer
                value.serializer=org.apache.kafka.common.serialization.StringSerializer
                interceptor.classes=com.example.Tracing
                max.block.ms=5000
                fetch.max.wait.ms=250
                max.poll.records=100
                receive.buffer.bytes=-1
                partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor
                group.id=legacy
                """
        ).read()
        #expect(settings.group == "legacy")
        #expect(settings.consumerProperties["group.id"] == nil)
        #expect(settings.consumerProperties["fetch.wait.max.ms"] == "250")
        #expect(settings.consumerProperties["socket.receive.buffer.bytes"] == "0")
        #expect(settings.consumerProperties["partition.assignment.strategy"] == "range")
        let text = settings.warningText
        #expect(text.contains("key.serializer, value.serializer of "))
        #expect(text.contains("nothing here: of use to Java's client only"))
        #expect(text.contains("interceptors are Java code"))
        #expect(text.contains("max.block.ms"))
        #expect(text.contains("Martlet sizes its batches itself"))
        #expect(settings.warnings.count == 5)
    }

    @Test func `a serializer that writes no text is named`() throws {
        let file = Self.guide + "\nvalue.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer\n"
        #expect(
            try SettingsCase(file: file).read().warningText.contains("is KafkaAvroSerializer: what it writes may be no")
        )
    }

    @Test(arguments: [
        ("buffer.memory", "33554432", "queue.buffering.max.kbytes", "32768"),
        ("max.request.size", "2000000", "message.max.bytes", "2000000"),
        ("linger.ms", "20", "queue.buffering.max.ms", "20"),
        ("compression.type", "ZSTD", "compression.codec", "zstd"),
        ("compression.zstd.level", "3", "compression.level", "3"),
        ("delivery.timeout.ms", "120000", "message.timeout.ms", "120000"),
        ("client.id", "billing", "client.id", "billing"),
        ("socket.keepalive.enable", "false", "socket.keepalive.enable", "false"),
        ("acks", "-1", "request.required.acks", "-1"),
    ])
    func `a producer's properties arrive under librdkafka's names`(
        _ name: String,
        _ value: String,
        _ translated: String,
        _ result: String
    ) throws {
        for file in [nil, "\(name)=\(value)"] {
            var settings = SettingsCase(file: file, role: .producer)
            settings.properties = ["bootstrap.servers": "k1"]
            if file == nil { settings.properties[name] = value }
            let read = try settings.read()
            #expect(read.producerProperties[translated] == result)
            #expect(read.warnings.isEmpty, "\(read.warningText)")
        }
    }

    @Test func `a producer is idempotent, bounded, and chooses partitions as Java does`() throws {
        let properties = try SettingsCase(properties: ["bootstrap.servers": "k1"], role: .producer).read()
            .producerProperties
        #expect(properties["enable.idempotence"] == "true")
        #expect(properties["request.required.acks"] == "all")
        #expect(properties["message.timeout.ms"] == "30000")
        #expect(properties["partitioner"] == "murmur2_random")
        #expect(properties["metadata.broker.list"] == "k1:9092")
    }

    @Test(arguments: [
        ("acks", "1", "enable.idempotence", "false", "is 1, not all"),
        ("enable.idempotence", "false", "max.in.flight.requests.per.connection", "1", "may be there twice"),
        ("retries", "0", "message.send.max.retries", nil, "cannot have: it is left out"),
        ("max.in.flight.requests.per.connection", "12", "max.in.flight.requests.per.connection", nil, "more than 5"),
        ("delivery.timeout.ms", "0", "message.timeout.ms", "300000", "has to be from 1 s to 5 min: 300 s is taken"),
        ("partitioner", "consistent", "partitioner", "consistent", "another partition"),
    ])
    func `who insists on less than the promises is warned`(
        _ name: String,
        _ value: String,
        _ translated: String,
        _ result: String?,
        _ warning: String
    ) throws {
        let settings = try SettingsCase(properties: ["bootstrap.servers": "k1", name: value], role: .producer).read()
        #expect(settings.producerProperties[translated] == result)
        #expect(settings.warningText.contains(warning))
    }

    @Test func `a record that may be large has room`() throws {
        let properties = ["bootstrap.servers": "k1", "message.max.bytes": "104857600"]
        let settings = try SettingsCase(properties: properties, role: .producer).read()
        #expect(settings.producerProperties["queue.buffering.max.kbytes"] == "409600")
    }

    @Test func `records that would be over before they go are refused`() throws {
        let properties = ["bootstrap.servers": "k1", "linger.ms": "30000"]
        let error = try SettingsCase(properties: properties, role: .producer).error()
        #expect(error?.reason.hasPrefix("“linger.ms” is 30000 ms, as long as an event may take at all") == true)
    }

    @Test(arguments: [
        ("enable.auto.commit", "true"), ("auto.offset.reset", "latest"), ("enable.auto.offset.store", "true"),
        ("transactional.id", "t"), ("enable.partition.eof", "true"), ("delivery.report.only.error", "true"),
        ("statistics.interval.ms", "0"),
    ])
    func `what the promises need is not overridden: refused, and of no effect in a file`(
        _ name: String,
        _ value: String
    ) throws {
        let error = try SettingsCase(properties: ["bootstrap.servers": "k1", name: value]).error()
        #expect(error?.field == "properties")
        #expect(error?.reason.contains("“\(name)” is set by Martlet itself: ") == true)
        let settings = try SettingsCase(file: "bootstrap.servers=k1\n\(name)=\(value)").read()
        #expect(settings.warningText.hasPrefix("\(name) of "))
        #expect(settings.consumerProperties[name] != value)
    }

    @Test(arguments: [
        ("bootstrap.server", "did you mean “bootstrap.servers”?"), ("sasl.user", "sasl.username"),
        ("zookeeper.path", "its CONFIGURATION.md names all"),
        ("linger.mss", "did you mean “linger.ms”?"), ("topic", "write it beside properties"),
        ("dr_msg_cb", "can be set by a program only"), ("fetch.max.wait", "did you mean “fetch.max.wait.ms”?"),
    ])
    func `an unknown property is refused with the nearest name`(_ name: String, _ remedy: String) throws {
        let error = try SettingsCase(properties: ["bootstrap.servers": "k1", name: "x"]).error()
        #expect(error?.reason.contains(remedy) == true, "\(error?.reason ?? "")")
    }

    @Test func `all unknown properties are told at once`() throws {
        let properties = ["bootstrap.servers": "k1", "linger.mss": "5", "fetch.max.wait": "1"]
        let reason = try #require(try SettingsCase(properties: properties).error()?.reason)
        #expect(reason.contains("did you mean “linger.ms”?") && reason.contains("did you mean “fetch.max.wait.ms”?"))
    }

    @Test func `an unknown key in a file is named and does no harm`() throws {
        let settings = try SettingsCase(file: "bootstrap.servers=k1\nschema.registry.url=http://x\nackz=all").read()
        #expect(settings.warnings.count == 2)
        #expect(settings.warningText.contains("“schema.registry.url” on line 2 of "))
        #expect(settings.warningText.contains("did you mean “acks”?"))
    }

    @Test(arguments: [
        ("socket.timeout.ms", "soon", "“socket.timeout.ms” is refused: "),
        ("socket.timeout.ms", "5", "is refused: "),
        ("fetch.min.bytes", "", "is refused: "),
        ("isolation.level", "dirty", "is refused: "),
    ])
    func `a value that librdkafka refuses is told with its place`(_ name: String, _ value: String, _ reason: String)
        throws
    {
        let error = try SettingsCase(properties: ["bootstrap.servers": "k1", name: value]).error()
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
        let inFile = try SettingsCase(file: "bootstrap.servers=k1\n\(name)=\(value)").error()
        #expect(inFile?.field == "properties-file")
        #expect(inFile?.reason.contains("on line 2 of ") == true, "\(inFile?.reason ?? "")")
    }

    @Test func `fields stand above properties, and these above the file`() throws {
        var settings = SettingsCase(file: "bootstrap.servers=k1\nclient.id=file\nsocket.timeout.ms=1000")
        settings.properties = ["client.id": "properties", "bootstrap.servers": "k2"]
        settings.fields = ["bootstrap-servers": .strings(["k3", "k4:9093"])]
        let read = try settings.read()
        #expect(read.bootstrapServers == ["k3:9092", "k4:9093"])
        #expect(read.consumerProperties["client.id"] == "properties")
        #expect(read.consumerProperties["socket.timeout.ms"] == "1000")
    }

    @Test func `a bus has both sides`() throws {
        let settings = try SettingsCase(
            properties: ["bootstrap.servers": "k1", "linger.ms": "3", "fetch.min.bytes": "2", "client.id": "x"],
            role: .both
        ).read()
        #expect(settings.producerProperties["queue.buffering.max.ms"] == "3")
        #expect(settings.producerProperties["fetch.min.bytes"] == nil)
        #expect(settings.consumerProperties["fetch.min.bytes"] == "2")
        #expect(settings.consumerProperties["queue.buffering.max.ms"] == nil)
        #expect(settings.warnings.isEmpty)
    }

    @Test(arguments: [
        ("k1", ["k1:9092"]), ("k1:1, k2 ,", ["k1:1", "k2:9092"]), ("PLAINTEXT://k1:9093", ["k1:9093"]),
        ("[::1]:9092,[fe80::1]", ["[::1]:9092", "[fe80::1]:9092"]),
    ])
    func `brokers are written in several ways`(_ text: String, _ servers: [String]) throws {
        #expect(try KafkaSettings(bootstrapServers: text, for: .consumer).bootstrapServers == servers)
    }

    @Test(arguments: ["", ",", "k1:", "k1:0", "k1:x", "k1:99999", ":9092", "user:secret@k1:9092", "k1:9092/topic"])
    func `what is no broker is refused`(_ text: String) throws {
        let error = try SettingsCase(fields: ["bootstrap-servers": .strings([text])]).error()
        #expect(error?.field == "bootstrap-servers")
        #expect(error?.reason.contains("secret") == false)
    }

    @Test func `a file that is not there, and one that is none, are named`() throws {
        let missing = try SettingsCase(fields: ["properties-file": .string("/nowhere/x.properties")]).error()
        #expect(missing?.field == "properties-file")
        #expect(missing?.reason == "/nowhere/x.properties cannot be read: No such file or directory")
        #expect(try SettingsCase(file: "a=\\u1").error()?.reason.contains("line 1 of ") == true)
        #expect(
            try SettingsCase(file: "config.providers=vault\nsasl.password=${vault:x}").error()?.field
                == "properties-file"
        )
        #expect(try SettingsCase().error()?.field == "bootstrap-servers")
    }
}
