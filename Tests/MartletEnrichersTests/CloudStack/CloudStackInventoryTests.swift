import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

/// All that a stand-in for CloudStack's API has, as a sync is given it.
@Suite(.timeLimit(.minutes(3))) struct CloudStackInventoryTests {
    private static func inventory(_ rig: CloudStackRig) throws -> any ResourceInventory {
        try #require(rig.enricher.inventory)
    }

    /// How often a command was asked.
    private static func count(_ command: String, _ rig: CloudStackRig) async throws -> Int {
        try await rig.cloud.requests().count { $0["command"] == command }
    }

    /// What the seeded cloud has of each type.
    private static let counts = [
        "Domain": 5, "Account": 50, "Project": 10, "User": 50, "Role": 4, "Zone": 2, "Pod": 2, "Cluster": 4, "Host": 20,
        "StoragePool": 4, "ImageStore": 2, "PhysicalNetwork": 2, "ServiceOffering": 8, "DiskOffering": 4,
        "NetworkOffering": 4, "VpcOffering": 2, "Template": 10, "Iso": 4, "AffinityGroup": 10, "SecurityGroup": 10,
        "Vpc": 10, "Network": 50, "VirtualRouter": 50, "VirtualMachine": 2_054, "Volume": 2_000, "Snapshot": 200,
        "IpAddress": 200, "LoadBalancer": 10, "FirewallRule": 10, "AutoScaleVmGroup": 4,
    ]

    @Test(arguments: ["only-projects", "with-all"])
    func `everything in a large cloud is listed once, what belongs to projects too`(projects: String) async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed()
        try await rig.cloud.setHabits(#"{"projects": "\#(projects)"}"#)
        let inventory = try Self.inventory(rig)
        #expect(inventory.types == CloudStackListCommand.types)
        for type in inventory.types {
            let reading = await InventoryReading(type, of: inventory)
            #expect(reading.isWhole, "\(type): \(reading.failures)")
            #expect(reading.ids.count == Self.counts[type], "\(type)")
            #expect(Set(reading.ids).count == reading.ids.count, "\(type)")
            #expect(reading.pages.allSatisfy { (1...500).contains($0) })
            #expect(reading.resources.allSatisfy { $0.resource.type == type && !$0.facts.text.contains("s33ded") })
        }
        // All accounts by name with the first list, and once more as what they are; none by itself.
        #expect(try await Self.count("listAccounts", rig) == 2)
    }

    @Test func `owners are those that events name: accounts by their ids, and projects`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed(machines: 200)
        let inventory = try Self.inventory(rig)
        let accounts = await InventoryReading("Account", of: inventory)
        let byName = Dictionary(uniqueKeysWithValues: accounts.resources.map { ($0.facts.name ?? "", $0.resource.id) })
        let machines = await InventoryReading("VirtualMachine", of: inventory)
        let projects = Set(await InventoryReading("Project", of: inventory).ids)
        var owned = 0
        for machine in machines.resources {
            let document = try JSONDocument(parsing: #require(machine.facts.details)).root
            guard let account = document["account"]?.string else {
                if let project = document["projectid"]?.string {
                    #expect(machine.facts.ownerID == project && projects.contains(project))
                    owned += 1
                }
                continue
            }
            #expect(machine.facts.ownerID == byName[account] && machine.facts.isOwnerConfirmed)
            owned += 1
        }
        #expect(owned == 205, "all but the system's own")
        #expect(try await Self.count("listAccounts", rig) == 2)
    }

    @Test func `what a listing says of a resource is what is said where it is asked for by itself`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed(machines: 40)
        let inventory = try Self.inventory(rig)
        for type in inventory.types {
            let reading = await InventoryReading(type, of: inventory)
            for id in [try #require(reading.ids.first), try #require(reading.ids.last)] {
                let alone = try #require(await rig.facts(type, id), "\(type)")
                #expect(reading.facts(id) == ResourceFactsView(alone), "\(type)")
            }
        }
    }

    @Test func `owners come before what is theirs, and every type that can be asked for is listed`() throws {
        let types = CloudStackListCommand.types
        #expect(Set(types).count == types.count)
        #expect(types.allSatisfy { !CloudStackListCommand.listing(of: $0).isEmpty })
        #expect(Set(types) == Set(Self.counts.keys))
        let places = [
            "Domain", "Account", "Project", "User", "Zone", "Template", "Network", "VirtualMachine", "Volume",
        ]
        .compactMap(types.firstIndex)
        #expect(places.count == 9 && places == places.sorted())
    }

    @Test func `the same is listed though some answers fail, each of which is asked for again`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed()
        let inventory = try Self.inventory(rig)
        _ = await InventoryReading("Domain", of: inventory)
        try await rig.cloud.script(
            """
            [{"slow": 0.2}, {"status": 530}, {}, {"truncate": 90000}, {"status": 429, "headers": {"Retry-After": "7"}}, {},
             {"text": "<html>busy</html>", "status": 503}, {}]
            """
        )
        let reading = await InventoryReading("Volume", of: inventory, asking: 9)
        #expect(reading.isWhole)
        #expect(Set(reading.ids).count == 2_000 && reading.ids.count == 2_000)
        #expect(reading.errors.count == 4 && reading.failures.count == 4)
        #expect(reading.errors.compactMap(\.retryAfter) == [.seconds(7)])
        #expect(reading.errors[1].description.contains("breaks off"))
        #expect(reading.errors.allSatisfy { $0.description.contains("listVolumes") })
    }

    @Test func `an owner that cannot be found out just now loses no page, which is read anew`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed(machines: 40)
        try await rig.cloud.patch(#"{"listVolumes": {"new": {"name": "v", "account": "unheard-of", "domainid": "d"}}}"#)
        let inventory = try Self.inventory(rig)
        _ = await InventoryReading("Domain", of: inventory)
        // The list, and then the look-up of that one account.
        try await rig.cloud.script(#"[{}, {"status": 530}, {}]"#)
        var pages = inventory.pages(of: "Volume")
        await #expect(throws: EnricherError.self) { _ = try await pages.next() }
        try await rig.cloud.patch(#"{"listVolumes": {"new": {"name": "renamed"}}}"#)
        var found: [ListedResource] = []
        while let page = try await pages.next() { found += page }
        #expect(found.count == 41 && Set(found.map(\.resource.id)).count == 41)
        let late = try #require(found.first { $0.resource.id == "new" })
        #expect(late.facts.ownerID == nil && late.facts.name == "renamed")
    }

    @Test func `a smaller page is asked for where CloudStack allows no other`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed(machines: 400)
        try await rig.cloud.setHabits(#"{"pagesize": 100}"#)
        let reading = await InventoryReading("Volume", of: try Self.inventory(rig))
        #expect(reading.isWhole && reading.ids.count == 400)
        #expect(reading.pages == [100, 100, 100, 60, 40], "and then those of projects")
    }

    /// Every tenth is a project's, and gone before those are listed.
    @Test(arguments: [(1, 2_000), (400, 1_960), (1_200, 1_880)])
    func `what moves up behind deleted ones is not passed by`(deleted: Int, expected: Int) async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed()
        let inventory = try Self.inventory(rig)
        _ = await InventoryReading("Domain", of: inventory)
        try await rig.cloud.script(#"[{}, {}, {}, {"vanish": \#(deleted)}, {"vanish": 0}]"#)
        let reading = await InventoryReading("Volume", of: inventory)
        #expect(reading.isWhole)
        #expect(Set(reading.ids).count == expected && reading.ids.count == expected)
    }

    @Test func `a list that shrinks all the time, one without pages and one that counts its pages come to an end`()
        async throws
    {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed(machines: 4_000)
        let inventory = try Self.inventory(rig)
        _ = await InventoryReading("Domain", of: inventory)
        try await rig.cloud.script(#"[{"vanish": 1}]"#)
        #expect(await InventoryReading("VirtualMachine", of: inventory).isWhole)

        try await rig.cloud.script("[{}]")
        let rows = (0..<1_000).map { #"{"id": "h\#($0)"}"# }.joined(separator: ",")
        try await rig.cloud.setResources(
            #"{"listHosts": [\#(rows)], "listZones": [\#(rows)], "listAccounts": [{"id": "a", "accounttype": 1}]}"#
        )
        try await rig.cloud.setHabits(#"{"unpaged": ["listHosts"], "pagecounts": ["listZones"]}"#)
        for type in ["Host", "Zone"] {
            let reading = await InventoryReading(type, of: inventory)
            #expect(reading.isWhole && reading.ids.count == 1_000, "\(type)")
        }
    }

    @Test func `a command that the role does not allow is a refusal, behind what may be seen`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed(machines: 40)
        try await rig.cloud.setRefused(["listHosts", "listSystemVms"])
        let inventory = try Self.inventory(rig)
        let hosts = await InventoryReading("Host", of: inventory)
        #expect(hosts.ids.isEmpty && !hosts.isWhole)
        #expect(hosts.refusal?.description.contains("listHosts") == true)
        #expect(hosts.refusal?.description.contains("role") == true)
        let machines = await InventoryReading("VirtualMachine", of: inventory)
        #expect(machines.ids.count == 40 && !machines.isWhole)
        #expect(machines.refusal?.description.contains("listSystemVms") == true)
        #expect(await InventoryReading("Volume", of: inventory).isWhole)
    }

    /// Otherwise what belongs to others would be taken for gone.
    @Test func `keys that do not show everything list what they show, and never as all`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed(machines: 40)
        try await rig.cloud.setHabits(#"{"sees": "account-1"}"#)
        let few = await InventoryReading("VirtualMachine", of: try Self.inventory(rig))
        #expect(!few.isWhole && few.ids.count > 0 && few.ids.count < 40)
        #expect(few.refusal?.description.contains("Read-Only Admin") == true)

        try await rig.cloud.setHabits("{}")
        try await rig.cloud.setRefused(["listAccounts"])
        let unknown = await InventoryReading("Volume", of: try Self.inventory(rig))
        #expect(!unknown.isWhole && unknown.ids.count == 40)
        #expect(unknown.refusal?.description.contains("listAccounts") == true)
        #expect(unknown.resources.count { $0.facts.ownerID != nil } == 4, "those of projects")
        #expect(try await Self.count("listAccounts", rig) == 2, "and not again for each name")
    }

    @Test func `keys that are not taken are an error and no refusal`() async throws {
        let rig = try await CloudStackRig(secretKey: "s33ded-wrong")
        let reading = await InventoryReading("Zone", of: try Self.inventory(rig))
        #expect(reading.refusal == nil)
        #expect(reading.errors.first?.description.contains("secret-key") == true)
        #expect(reading.errors.first?.description.contains("s33ded") == false)
    }

    @Test func `a type that nobody lists is empty`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.seed(machines: 40)
        let reading = await InventoryReading("UnheardOf", of: try Self.inventory(rig))
        #expect(reading.isWhole && reading.ids.isEmpty)
    }
}
