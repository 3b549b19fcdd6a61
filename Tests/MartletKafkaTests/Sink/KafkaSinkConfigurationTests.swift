import MartletPipeline
import MartletTesting
import Testing

@testable import MartletKafka

@Suite struct KafkaSinkConfigurationTests {
    private static func settings(_ fields: [String: ComponentSettings.Value]) -> ComponentSettings {
        ComponentSettings(
            ["topic": .string("out"), "bootstrap-servers": .string("k1")].merging(fields) { $1 }
        )
    }

    @Test func `the design's example can be read`() throws {
        let configuration = try KafkaSinkConfiguration(
            ComponentSettings([
                "topic": .string("billing"), "properties": .table(["bootstrap.servers": "k1:9092,k2:9092"]),
            ])
        )
        #expect(configuration.topic == "billing")
        #expect(configuration.kafka.place == "kafka://k1:9092,k2:9092")
        #expect(configuration.cloudEvents == .structured)
        #expect(configuration.warnings(body: .original).isEmpty)
    }

    @Test(arguments: ["", "a b", "a/b", ".", "..", "ä", String(repeating: "a", count: 250)])
    func `what no topic can be called is refused`(_ topic: String) {
        let error = #expect(throws: ComponentError.self) {
            try KafkaSinkConfiguration(Self.settings(["topic": .string(topic)]))
        }
        #expect(error?.field == "topic")
    }

    @Test func `the time-out is bounded`() throws {
        let configuration = try KafkaSinkConfiguration(Self.settings(["timeout": .duration(.milliseconds(1_500))]))
        #expect(configuration.kafka.producerProperties["message.timeout.ms"] == "1500")
        for timeout in [Duration.milliseconds(500), .seconds(301)] {
            let error = #expect(throws: ComponentError.self) {
                try KafkaSinkConfiguration(Self.settings(["timeout": .duration(timeout)]))
            }
            #expect(error?.field == "timeout")
        }
    }

    @Test func `the topic of CloudStack's own file is not written to`() throws {
        var file = SettingsCase(file: "bootstrap.servers=k1\ntopic=cs\nacks=all\nretries=1", role: .producer)
        file.fields["topic"] = .string("out")
        let configuration = try file.withValues { try KafkaSinkConfiguration($0) }
        #expect(configuration.topic == "out")
        let warnings = configuration.warnings(body: .original).map(\.text)
        #expect(warnings == ["topic=cs of the file does nothing here: this writes to “out”"])
    }

    @Test func `binary mode does nothing for an original`() throws {
        let configuration = try KafkaSinkConfiguration(Self.settings(["cloudevents": .string("binary")]))
        #expect(configuration.warnings(body: .original).map(\.field) == ["cloudevents"])
        #expect(configuration.warnings(body: .enriched).isEmpty)
    }
}
