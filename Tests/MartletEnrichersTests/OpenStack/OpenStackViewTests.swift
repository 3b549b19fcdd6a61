import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

/// Who is believed to be shown everything, by a stand-in for OpenStack's services with policies of their own.
@Suite(.timeLimit(.minutes(3))) struct OpenStackViewTests {
    private static let auditor: [String: ComponentSettings.Value] = [
        "all-seeing-roles": .strings(["auditor", "admin"])
    ]
    private static let all = ["compute", "volumev3", "image", "network", "identity"]

    private static let administrators: Set<String> = ["ServiceOffering", "AffinityGroup"]

    private static func rig(_ more: [String: ComponentSettings.Value], seers services: [String]) async throws
        -> OpenStackRig
    {
        let rig = try await OpenStackRig(more: more)
        try await rig.cloud.seed(servers: 400)
        try await rig.cloud.setRoles(["auditor"])
        try await rig.cloud.setSeers("{\(services.map { "\"\($0)\": [\"auditor\"]" }.joined(separator: ","))}")
        return rig
    }

    @Test func `a role of the operator's that sees everything is believed where he names it, and not otherwise`()
        async throws
    {
        let named = try await Self.rig(Self.auditor, seers: Self.all)
        let inventory = try #require(named.enricher.inventory)
        for type in inventory.types where !Self.administrators.contains(type) {
            let reading = await InventoryReading(type, of: inventory)
            #expect(reading.isWhole && !reading.ids.isEmpty, "\(type): \(reading.failures)")
        }
        // Nova hides private ones from everybody else, whatever it shows him besides.
        for type in Self.administrators {
            let reading = await InventoryReading(type, of: inventory)
            #expect(!reading.isWhole && !reading.ids.isEmpty && reading.refusal?.isBehindAll == true, "\(type)")
        }
        let unnamed = try await Self.rig([:], seers: Self.all)
        for type in ["Account", "Volume", "ServiceOffering"] {
            let reading = await InventoryReading(type, of: try #require(unnamed.enricher.inventory))
            #expect(!reading.isWhole && !reading.ids.isEmpty && reading.refusal?.isBehindAll == true, "\(type)")
            #expect(reading.refusal?.description.contains("all-seeing-roles") == true)
        }
    }

    /// In whatever order the types are listed, and also where one is listed alone that would not tell.
    @Test func `where a service shows the role nothing of others, it is not believed`() async throws {
        let rig = try await Self.rig(Self.auditor, seers: ["compute", "network", "identity"])
        for type in ["Volume", "Snapshot", "Backup", "DiskOffering", "Template"] {
            let reading = await InventoryReading(type, of: try #require(rig.enricher.inventory))
            #expect(!reading.isWhole && reading.refusal?.isBehindAll == true, "\(type)")
            let words =
                type == "Template" ? "The image service has shown nothing" : "The volume service has shown nothing"
            #expect(reading.refusal?.description.contains(words) == true)
        }
        for type in ["Subnet", "Port", "VirtualMachine", "User"] {
            let reading = await InventoryReading(type, of: try #require(rig.enricher.inventory))
            #expect(reading.isWhole, "\(type): \(reading.failures)")
        }
    }

    /// What is shared with everybody tells nothing of whoever sees it.
    @Test func `what belongs to others and is shared is no proof`() async throws {
        let rig = try await Self.rig(Self.auditor, seers: [])
        try await rig.cloud.setResources(
            """
            {"networks": [{"id": "n1", "tenant_id": "other", "shared": true}, {"id": "n2", "tenant_id": "other", "router:external": true,
               "shared": true}],
             "subnets": [{"id": "s1", "tenant_id": "other", "shared": true}],
             "security-groups": [{"id": "g1", "tenant_id": "other", "shared": true}],
             "images": [{"id": "i1", "owner": "other", "visibility": "public"}, {"id": "i2", "owner": "other", "visibility": "community"}]}
            """
        )
        let inventory = try #require(rig.enricher.inventory)
        for type in ["Network", "Subnet", "SecurityGroup", "Template"] {
            let reading = await InventoryReading(type, of: inventory)
            #expect(!reading.isWhole && !reading.ids.isEmpty && reading.refusal != nil, "\(type)")
        }
    }

    @Test func `the role admin counts for nothing where the operator says which ones see everything`() async throws {
        let rig = try await OpenStackRig(more: ["all-seeing-roles": .strings(["cloud_admin"])])
        try await rig.cloud.seed(servers: 40)
        let reading = await InventoryReading("Account", of: try #require(rig.enricher.inventory))
        #expect(
            !reading.isWhole && reading.refusal?.description.contains("the role cloud_admin in its project") == true
        )
    }

    @Test func `a role that was given meanwhile, and a service that has come, count without a restart`() async throws {
        let time = ManualTime()
        let rig = try await OpenStackRig(time: time)
        try await rig.cloud.seed(servers: 40)
        try await rig.cloud.setRoles(["member"])
        try await rig.cloud.setSeers(#"{"identity": ["member"]}"#)
        try await rig.cloud.setCatalogue(#"{"image": null}"#)
        let inventory = try #require(rig.enricher.inventory)
        #expect(await InventoryReading("Account", of: inventory).refusal != nil)
        #expect(await InventoryReading("Template", of: inventory).refusal?.description.contains("type image") == true)
        try await rig.cloud.setRoles(["admin"])
        try await rig.cloud.setCatalogue("{}")
        #expect(await InventoryReading("Account", of: inventory).refusal != nil, "the token is a new one")
        let before = try await rig.cloud.requests().count { $0.hasPrefix("POST") }
        time.advance(by: .seconds(61))
        #expect(await InventoryReading("Template", of: inventory).isWhole)
        #expect(await InventoryReading("Account", of: inventory).isWhole)
        #expect(try await rig.cloud.requests().count { $0.hasPrefix("POST") } == before + 1)
    }

    @Test(arguments: [[], [""]]) func `no role is none to name`(_ roles: [String]) throws {
        let settings = OpenStackRig.settings("http://127.0.0.1:1").adding("all-seeing-roles", .strings(roles))
        #expect(throws: ComponentError.self) { try OpenStackConfiguration(settings) }
    }
}
