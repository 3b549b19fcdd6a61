import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

@Suite struct ZaqarQueueTemplateTests {
    private func event(_ change: (inout Event.Fields) -> Void = { _ in }) -> Event {
        OutgoingEvent.sample("a").event.with(change)
    }

    @Test func `a name is fixed, or made of attributes`() throws {
        let fixed = try ZaqarQueueTemplate("billing")
        #expect(fixed.isFixed)
        #expect(try fixed.name(for: event()) == "billing")

        let tenants = try ZaqarQueueTemplate("martlet-{tenantid}.{resourcetype}")
        #expect(!tenants.isFixed)
        #expect(tenants.attributes == ["tenantid", "resourcetype"])
        #expect(try tenants.name(for: event { $0.tenantID = "t1" }) == "martlet-t1.VirtualMachine")

        let extended = try ZaqarQueueTemplate("{costcentre}")
        #expect(try extended.name(for: event { $0.extensions["costcentre"] = .integer(7) }) == "7")
    }

    @Test func `an event without the attribute goes where the template says, or nowhere`() throws {
        #expect(try ZaqarQueueTemplate("martlet-{tenantid:nobody}").name(for: event()) == "martlet-nobody")
        let strict = try ZaqarQueueTemplate("martlet-{tenantid}")
        let error = #expect(throws: ZaqarQueueTemplate.Unnameable.self) { _ = try strict.name(for: event()) }
        #expect(error?.reason.contains("tenantid") == true)
        #expect(throws: ZaqarQueueTemplate.Unnameable.self) { _ = try strict.name(for: event { $0.tenantID = "" }) }
    }

    @Test(arguments: ["a:b", "a b", "a/b", "..\u{2F}x", "ä", String(repeating: "x", count: 65)])
    func `a name that Zaqar would not take is none`(tenant: String) throws {
        let template = try ZaqarQueueTemplate("{tenantid}")
        #expect(throws: ZaqarQueueTemplate.Unnameable.self) {
            _ = try template.name(for: event { $0.tenantID = tenant })
        }
    }

    @Test(arguments: [
        "", "a b", "a:b", "queue/x", "{tenantid", "{}", "{Tenant}", "{tenantid:a b}", String(repeating: "q", count: 65),
    ])
    func `a template that can name no queue is refused`(_ text: String) {
        let error = #expect(throws: ComponentError.self) { try ZaqarQueueTemplate(text) }
        #expect(error?.field == "queue")
    }
}
