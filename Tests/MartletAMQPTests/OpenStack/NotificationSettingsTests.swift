import MartletPipeline
import Testing

@testable import MartletAMQP

@Suite struct NotificationSettingsTests {
    private static func configuration(
        _ values: [String: ComponentSettings.Value]
    ) throws -> AMQPSourceConfiguration {
        let usual: [String: ComponentSettings.Value] = [
            "transport-url": .string("rabbit://u:p@mq1,u:p@mq2/"), "format": .string("oslo"),
            "exchanges": .strings(["nova", "glance"]),
        ]
        return try AMQPSourceConfiguration(ComponentSettings(usual.merging(values) { $1 }), name: "osp")
    }

    @Test func `each topic is bound with each priority`() throws {
        let usual = try Self.configuration([:])
        #expect(usual.bindings.count == 21)
        #expect(usual.bindings.contains("notifications.info"))
        #expect(usual.bindings.contains("versioned_notifications.error"))
        #expect(usual.bindings.contains("ironic_versioned_notifications.audit"))
        let narrow = try Self.configuration(["topics": .strings(["mine"]), "priorities": .strings(["warn", "error"])])
        #expect(narrow.bindings == ["mine.warn", "mine.error"])
        #expect(narrow.notifications?.declared == nil)
    }

    @Test func `topics make any format's source one of notifications`() throws {
        let configuration = try Self.configuration(["format": .string("cloudevents"), "topics": .strings(["mine"])])
        #expect(configuration.bindings.count == 7)
        #expect(try Self.configuration(["format": .string("cloudstack")]).notifications == nil)
    }

    @Test func `how the services declare is said by a field, else by their transport_url`() throws {
        let url = "rabbit://mq/?rabbit_quorum_queue=true&amqp_auto_delete=1"
        let said = try Self.configuration(["transport-url": .string(url)])
        #expect(said.notifications?.declared == ExchangeFlags(isDurable: true, isAutoDelete: true))
        let field = try Self.configuration(["transport-url": .string(url), "durable-exchanges": .boolean(false)])
        #expect(field.notifications?.declared == ExchangeFlags(isDurable: false, isAutoDelete: true))
    }

    @Test(arguments: [
        ("priorities", ComponentSettings.Value.strings(["warning"])), ("topics", .strings(["notifications.*"])),
        ("bindings", .strings(["#"])),
    ])
    func `what makes no sense is an error at its field`(_ field: String, _ value: ComponentSettings.Value) {
        let error = #expect(throws: ComponentError.self) { try Self.configuration([field: value]) }
        #expect(error?.field == field)
    }

    @Test(arguments: ["glance", "openstack", "keystone", "mine"])
    func `a queue of the name of a service's exchange is refused`(_ name: String) throws {
        let exchanges = ComponentSettings.Value.strings(["glance", "mine"])
        let error = #expect(throws: ComponentError.self) {
            try Self.configuration(["queue": .string(name), "exchanges": exchanges])
        }
        #expect(error?.field == "queue")
        // Without notifications there is no mark.
        let plain: [String: ComponentSettings.Value] = ["queue": .string(name), "format": .string("cloudstack")]
        #expect(try Self.configuration(plain.merging(["exchanges": exchanges]) { $1 }).queue == .durable(name, .quorum))
    }

    @Test func `fields for notifications are errors elsewhere, and the exchanges have to be named`() {
        let elsewhere = #expect(throws: ComponentError.self) {
            try Self.configuration(["format": .string("cloudstack"), "drain-default-queues": .boolean(true)])
        }
        #expect(elsewhere?.field == "drain-default-queues")
        let nameless = #expect(throws: ComponentError.self) {
            try AMQPSourceConfiguration(
                ComponentSettings(["url": .string("amqp://mq"), "format": .string("oslo")]),
                name: "osp"
            )
        }
        #expect(nameless?.field == "exchanges")
    }
}
