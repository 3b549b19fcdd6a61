import Logging
import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

/// What is known of a resource after a stand-in for CloudStack's API has been asked.
@Suite(.timeLimit(.minutes(2))) struct CloudStackEnricherTests {
    private static let machine = """
        {"id": "vm1", "name": "i-2-7-VM", "displayname": "web", "state": "Running", "account": "acme", "domainid": "d1",
         "domain": "ROOT", "zoneid": "z1", "hostid": "h1", "serviceofferingid": "so1", "templateid": "t1",
         "nic": [{"id": "n1", "networkid": "net1"}, {"id": "n2", "networkid": "net2"}]}
        """

    @Test func `a machine has name, state, owner, domain, relations and its document`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(
            """
            {"listVirtualMachines": [\(Self.machine)],
             "listAccounts": [{"id": "a0", "name": "acme", "domainid": "d0"}, {"id": "a1", "name": "acme", "domainid": "d1"}]}
            """
        )
        let facts = try #require(await rig.facts("VirtualMachine", "vm1"))
        #expect(facts.displayName == "web")
        #expect(facts.state == "Running")
        #expect(facts.ownerID == "a1" && facts.isOwnerConfirmed)
        #expect(facts.domainID == "d1")
        #expect(facts.ids("network") == ["net1", "net2"])
        #expect(facts.ids("host") == ["h1"] && facts.ids("serviceoffering") == ["so1"] && facts.ids("zone") == ["z1"])
        #expect(!facts.isCreation && !facts.isDeletion)
        let details = try JSONDocument(parsing: #require(facts.details)).root
        #expect(details["displayname"]?.string == "web")
        let asked = try await rig.cloud.requests()[0]
        #expect(asked["id"] == "vm1" && asked["listall"] == "true" && asked["signatureversion"] == "3")
    }

    @Test func `an account that is named by name and domain is looked up once`() async throws {
        let time = ManualTime(now: SystemTime().now)
        let rig = try await CloudStackRig(cache: .seconds(60), time: time)
        let volumes = (1...3).map { #"{"id": "v\#($0)", "name": "v", "account": "acme", "domainid": "d1"}"# }
        try await rig.cloud.setResources(
            """
            {"listVolumes": [\(volumes.joined(separator: ","))],
             "listAccounts": [{"id": "a1", "name": "acme", "domainid": "d1"}]}
            """
        )
        for id in ["v1", "v2", "v3"] { #expect(try await rig.facts("Volume", id)?.ownerID == "a1") }
        #expect(try await rig.cloud.requests().count { $0["command"] == "listAccounts" } == 1)

        time.advance(by: .seconds(61))
        #expect(try await rig.facts("Volume", "v1")?.ownerID == "a1")
        #expect(try await rig.cloud.requests().count { $0["command"] == "listAccounts" } == 2)
    }

    @Test func `what belongs to a project is the project's, which has its name where its account is asked for`()
        async throws
    {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(
            """
            {"listVolumes": [{"id": "v1", "name": "v", "projectid": "p1", "project": "apollo", "domainid": "d1"}],
             "listProjects": [{"id": "p1", "name": "apollo", "displaytext": "to the moon", "domainid": "d1"}]}
            """
        )
        let volume = try #require(await rig.facts("Volume", "v1"))
        #expect(volume.ownerID == "p1" && volume.isOwnerConfirmed)
        let owner = try #require(await rig.facts("Account", "p1"))
        #expect(owner.name == "apollo" && owner.displayName == nil)
        #expect(owner.ownerID == "p1" && owner.domainID == "d1")
    }

    @Test func `a system machine and an image that is an ISO are found among what they are`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(
            """
            {"listRouters": [{"id": "r1", "name": "r-4-VM", "state": "Running"}],
             "listIsos": [{"id": "i1", "name": "installer", "isready": true}]}
            """
        )
        #expect(try await rig.facts("VirtualMachine", "r1")?.name == "r-4-VM")
        #expect(try await rig.facts("Template", "i1")?.name == "installer")
    }

    @Test func `a resource of each type is listed by its command`() async throws {
        let rig = try await CloudStackRig()
        for (type, command) in Self.commands {
            try await rig.cloud.setResources(
                #"{"\#(command)": [{"id": "x1", "name": "the one"}, {"id": "x2", "name": "no"}]}"#
            )
            #expect(rig.enricher.knows(type))
            #expect(try await rig.facts(type, "x1")?.name == "the one")
        }
    }

    private static let commands = [
        ("VirtualMachine", "listVirtualMachines"), ("VirtualRouter", "listRouters"), ("Volume", "listVolumes"),
        ("Snapshot", "listSnapshots"), ("Template", "listTemplates"), ("Iso", "listIsos"), ("Network", "listNetworks"),
        ("Vpc", "listVPCs"), ("Account", "listAccounts"), ("Project", "listProjects"), ("Domain", "listDomains"),
        ("Zone", "listZones"), ("Pod", "listPods"), ("Cluster", "listClusters"), ("Host", "listHosts"),
        ("StoragePool", "listStoragePools"), ("ImageStore", "listImageStores"), ("SecurityGroup", "listSecurityGroups"),
        ("AffinityGroup", "listAffinityGroups"), ("ServiceOffering", "listServiceOfferings"),
        ("DiskOffering", "listDiskOfferings"), ("NetworkOffering", "listNetworkOfferings"),
        ("VpcOffering", "listVPCOfferings"),
    ]

    @Test func `users and addresses go by what they have for a name`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(
            """
            {"listUsers": [{"id": "u1", "username": "ada", "accountid": "a1", "account": "acme", "domainid": "d1"}],
             "listPublicIpAddresses": [{"id": "ip1", "ipaddress": "198.51.100.7", "projectid": "p1"}]}
            """
        )
        let user = try #require(await rig.facts("User", "u1"))
        #expect(user.name == "ada" && user.ownerID == "a1")
        #expect(try await rig.facts("IpAddress", "ip1")?.name == "198.51.100.7")
    }

    @Test func `keys and passwords in an answer are cut`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(
            """
            {"listAccounts": [{"id": "a1", "name": "acme", "domainid": "d1", "user": [
                {"id": "u1", "apikey": "s33ded-1", "secretkey": "s33ded-2", "password": "s33ded-3", "email": "ada@acme.example"}
            ]}]}
            """
        )
        let facts = try #require(await rig.facts("Account", "a1"))
        #expect(facts.text.contains("ada@acme.example"))
        #expect(!facts.text.contains("s33ded"))
        #expect(throws: Never.self) { try JSONDocument(parsing: #require(facts.details)) }
    }

    @Test func `what CloudStack does not know is none, and types without a command are not asked for`() async throws {
        let rig = try await CloudStackRig()
        #expect(try await rig.facts("VirtualMachine", "gone") == nil)
        #expect(
            try await rig.cloud.requests().map { $0["command"] ?? "" } == [
                "listVirtualMachines", "listSystemVms", "listRouters",
            ]
        )
        #expect(!rig.enricher.knows("UnheardOf"))
        #expect(try await rig.facts("UnheardOf", "x") == nil)
    }

    @Test func `a command that the role does not allow leaves its resources unknown, and is told of once`() async throws
    {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(
            #"{"listVolumes": [{"id": "v1", "name": "v", "account": "acme", "domainid": "d1"}], "listHosts": [{"id": "h1"}]}"#
        )
        try await rig.cloud.setRefused(["listHosts", "listAccounts"])
        #expect(try await rig.facts("Host", "h1") == nil)
        #expect(try await rig.facts("Host", "h1") == nil)
        let warnings = rig.log.lines.filter { $0.level == .warning }
        #expect(warnings.map { $0.metadata["command"] } == ["listHosts"])
        let volume = try #require(await rig.facts("Volume", "v1"))
        #expect(volume.name == "v" && volume.ownerID == nil)
    }

    @Test func `all of a list comes page by page`() async throws {
        let cloud = try await CloudStackStandIn.start()
        let keys = CloudStackKeys(apiKey: CloudStackStandIn.apiKey, secretKey: CloudStackStandIn.secretKey)
        var settings = CloudStackAPI.Settings(endpoint: cloud.endpoint, keys: keys)
        settings.timeout = .seconds(30)
        let api = CloudStackAPI(settings, time: SystemTime())
        let cases: [(count: Int, sizes: [Int])] = [(0, []), (7, [7]), (20, [10, 10]), (23, [10, 10, 3])]
        for (count, sizes) in cases {
            let rows = (0..<count).map { #"{"id": "z\#($0)"}"# }.joined(separator: ",")
            try await cloud.setResources(#"{"listZones": [\#(rows)]}"#)
            var pages = api.pages(of: CloudStackListCommand.commands(for: "Zone")[0], size: 10)
            var found: [Int] = []
            while let page = try await pages.next() { found.append(page.count) }
            #expect(found == sizes)
        }
        // A page that failed is asked for again.
        try await cloud.script(#"[{}, {"status": 530}, {}]"#)
        var pages = api.pages(of: CloudStackListCommand.commands(for: "Zone")[0], size: 10)
        let first = try await pages.next()
        #expect(first?.first?["id"]?.string == "z0")
        do {
            _ = try await pages.next()
            Issue.record("The second page was to fail.")
        } catch {
            #expect(error.code == .failed)
        }
        let second = try await pages.next()
        #expect(second?.first?["id"]?.string == "z10")
        await api.close()
    }
}
