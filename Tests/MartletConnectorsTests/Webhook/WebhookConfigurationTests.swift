import MartletPipeline
import Testing

@testable import MartletConnectors

@Suite struct WebhookConfigurationTests {
    @Test(
        arguments: [
            (["url": .string("ftp://host/")], "url"),
            (["url": .string("https:///path")], "url"),
            (["url": .string("https://host/a b")], "url"),
            (
                [
                    "url": .string("http://host/"), "restrict-networks": .boolean(true),
                    "allow-plain-http": .boolean(false),
                ], "url"
            ),
            (["url": .string("https://host/"), "allow-networks": .strings(["10.1.2.3/8"])], "allow-networks"),
            (["url": .string("https://host/"), "headers": .table(["X Y": "z"])], "headers"),
            (["url": .string("https://host/"), "headers": .table(["X-Y": "a\r\nHost: b"])], "headers"),
            (["url": .string("https://host/"), "headers": .table(["Webhook-Id": "1"])], "headers"),
            (["url": .string("https://host/"), "secret": .strings(["short"])], "secret"),
        ] as [([String: ComponentSettings.Value], String)]
    )
    func `a setting that cannot work is refused and named`(settings: [String: ComponentSettings.Value], field: String)
        throws
    {
        let error = try #require(throws: ComponentError.self) {
            _ = try WebhookConfiguration(ComponentSettings(settings))
        }
        #expect(error.field == field)
    }

    @Test func `one event a request is independent, several are atomic`() throws {
        func delivery(_ batch: Int) throws -> SinkDelivery {
            let settings = ComponentSettings(["url": .string("https://host/"), "batch": .integer(batch)])
            return try WebhookSink(settings: settings, context: .sample()).delivery
        }
        #expect(try delivery(1) == SinkDelivery(mode: .independent, maximumEvents: 1, concurrency: 8))
        #expect(try delivery(100) == SinkDelivery(mode: .atomic, maximumEvents: 100, concurrency: 8))
    }
}
