import MartletJSON
import MartletPipeline
import Testing

@testable import MartletCommands

struct ComponentsCommandTests {
    private let webhook = ComponentDescription(
        kind: .sink,
        name: "webhook",
        summary: "Sends events to an endpoint.",
        fields: [
            FieldDescription("url", .url, isRequired: true, "Where to."),
            FieldDescription("timeout", .duration, default: "15s", "How long a request may take."),
        ],
        example: "webhook:\n  url: https://noc.example"
    )
    private let format = ComponentDescription(
        kind: .format,
        name: "cloudstack",
        summary: "Reads CloudStack's events.",
        fields: [],
        example: "format: cloudstack"
    )

    private func text(_ lines: [StyledText]) -> String {
        lines.map { $0.render(inColour: false) }.joined(separator: "\n")
    }

    @Test func `components are listed by kind`() {
        #expect(
            text(ComponentText.list([format, webhook], width: 60)) == """
                SINKS
                  webhook     Sends events to an endpoint.

                FORMATS
                  cloudstack  Reads CloudStack's events.
                """
        )
    }

    @Test func `one of them is a page with its fields and an example`() {
        #expect(
            text(ComponentText.page(webhook, width: 80)) == """
                webhook (sink)
                Sends events to an endpoint.

                field    type      default   what it does
                url      url       required  Where to.
                timeout  duration  15s       How long a request may take.

                EXAMPLE
                  webhook:
                    url: https://noc.example
                """
        )
    }

    @Test func `its JSON has what the page has`() throws {
        let root = try JSONDocument(parsing: ComponentText.json(webhook)).root
        #expect(root["kind"]?.string == "sink")
        #expect(root["fields"]?.elements.map { $0["name"]?.string } == ["url", "timeout"])
        #expect(root["fields"]?[0]?["default"]?.isNull == true)
        #expect(root["fields"]?[0]?["required"]?.boolean == true)
        #expect(root["example"]?.string == webhook.example)
    }

    @Test func `a component that does not exist is a usage error`() async throws {
        #expect(try await run("components", "no-such-thing").status == .usage)
    }
}
