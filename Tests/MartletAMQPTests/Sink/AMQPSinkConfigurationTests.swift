import MartletPipeline
import Testing

@testable import MartletAMQP

@Suite struct AMQPSinkConfigurationTests {
    private func configuration(_ settings: [String: ComponentSettings.Value]) throws -> AMQPSinkConfiguration {
        let address: [String: ComponentSettings.Value] = ["url": .string("amqp://mq.example/")]
        return try AMQPSinkConfiguration(ComponentSettings(address.merging(settings) { $1 }))
    }

    @Test func `what is left out has the values that the reference names`() throws {
        let configuration = try configuration(["exchange": .string("martlet")])
        #expect(configuration.key == .topic)
        #expect(!configuration.declaresExchange)
        #expect(configuration.isPersistent)
        #expect(configuration.unroutable == .drop)
        #expect(configuration.cloudEvents == .structured)
        let defaults = AMQPSink.description.fields.reduce(into: [:]) { $0[$1.name] = $1.defaultText }
        #expect(defaults["batch"] == "\(configuration.maximumEvents)")
        #expect(defaults["timeout"] == "30s" && configuration.timeout == .seconds(30))
    }

    @Test(
        arguments: [
            (["exchange": .string(String(repeating: "x", count: 256))], "exchange"),
            (["exchange": .string("x"), "routing-key": .string(String(repeating: "k", count: 256))], "routing-key"),
            (["exchange": .string(""), "declare-exchange": .boolean(true)], "declare-exchange"),
            (["exchange": .string("x"), "timeout": .duration(.zero)], "timeout"),
            (["exchange": .string("x"), "timeout": .duration(.milliseconds(999))], "timeout"),
            (["exchange": .string("x"), "timeout": .duration(.seconds(301))], "timeout"),
            ([:], "exchange"),
        ] as [([String: ComponentSettings.Value], String)]
    )
    func `what cannot be is refused, with the field`(settings: [String: ComponentSettings.Value], field: String) {
        let error = #expect(throws: ComponentError.self) { try configuration(settings) }
        #expect(error?.field == field)
    }

    @Test func `a setting that does nothing is worth a warning`() throws {
        let settings = ComponentSettings([
            "url": .string("amqp://mq.example/"), "exchange": .string("x"), "cloudevents": .string("binary"),
        ])
        #expect(try AMQPSink.check(settings, context: .sample(body: .original)).map(\.field) == ["cloudevents"])
        #expect(try AMQPSink.check(settings, context: .sample(body: .event)).isEmpty)
    }

    @Test func `a fixed routing key that looks like a slip is worth a warning`() throws {
        func warnings(_ key: String) throws -> [String] {
            let settings = ComponentSettings([
                "url": .string("amqp://mq.example/"), "exchange": .string("x"), "routing-key": .string(key),
            ])
            return try AMQPSink.check(settings, context: .sample(body: .event)).map(\.text)
        }
        #expect(try warnings("orignal").first?.contains("did you mean “original”") == true)
        #expect(try warnings("original").isEmpty && warnings("billing.events").isEmpty)
    }
}
