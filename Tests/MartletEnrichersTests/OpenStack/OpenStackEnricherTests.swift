import Logging
import Martlet
import MartletClouds
import MartletJSON
import MartletKeystone
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

/// What is known of a resource after a stand-in for OpenStack's services has been asked.
@Suite(.timeLimit(.minutes(2))) struct OpenStackEnricherTests {
    @Test func `a server has name, state, owner, relations and its document`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(
            """
            {"servers": [{"id": "s1", "name": "web", "status": "ACTIVE", "OS-EXT-STS:vm_state": "active",
              "tenant_id": "p1", "user_id": "u1", "image": {"id": "i1", "links": []}, "flavor": {"id": "42", "links": []},
              "OS-EXT-SRV-ATTR:host": "compute1", "adminPass": "s33ded",
              "os-extended-volumes:volumes_attached": [{"id": "v1"}, {"id": "v2"}]}]}
            """
        )
        let facts = try #require(await rig.facts("VirtualMachine", "s1"))
        #expect(facts.name == "web" && facts.state == "active")
        #expect(facts.ownerID == "p1" && facts.isOwnerConfirmed)
        #expect(facts.ids("template") == ["i1"] && facts.ids("serviceoffering") == ["42"])
        #expect(facts.ids("user") == ["u1"] && facts.ids("host") == ["compute1"])
        #expect(facts.ids("volume") == ["v1", "v2"] && facts.completeKinds.contains("volume"))
        #expect(facts.text.contains(#""status": "ACTIVE""#))
        #expect(!facts.text.contains("s33ded"))
        #expect(throws: Never.self) { try JSONDocument(parsing: #require(facts.details)) }
    }

    @Test func `volumes, ports, images and addresses have owner, state and relations`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(
            """
            {"volumes": [{"id": "v1", "name": "data", "status": "in-use", "volume_type": "fast", "snapshot_id": null,
               "os-vol-tenant-attr:tenant_id": "p1", "attachments": [{"server_id": "s1", "volume_id": "v1"}]}],
             "ports": [{"id": "po1", "name": "", "status": "ACTIVE", "project_id": "p1", "network_id": "n1",
               "device_owner": "compute:az1", "device_id": "s1", "fixed_ips": [{"subnet_id": "su1"}],
               "security_groups": ["sg1"]}],
             "images": [{"id": "i1", "name": "cirros", "status": "active", "owner": "p2", "visibility": "public"}],
             "floatingips": [{"id": "f1", "floating_ip_address": "203.0.113.9", "status": "DOWN", "tenant_id": "p1",
               "port_id": null, "floating_network_id": "n9"}]}
            """
        )
        let volume = try #require(await rig.facts("Volume", "v1"))
        #expect(volume.ownerID == "p1" && volume.state == "in-use")
        #expect(volume.ids("virtualmachine") == ["s1"])
        #expect(volume.ids("diskoffering").isEmpty, "its type is a name there, and no id")

        let port = try #require(await rig.facts("Port", "po1"))
        #expect(port.name == nil && port.ownerID == "p1")
        #expect(port.ids("virtualmachine") == ["s1"] && port.ids("network") == ["n1"])
        #expect(port.ids("subnet") == ["su1"] && port.ids("securitygroup") == ["sg1"])

        let image = try #require(await rig.facts("Template", "i1"))
        #expect(image.name == "cirros" && image.ownerID == "p2" && image.state == "active")

        let address = try #require(await rig.facts("IpAddress", "f1"))
        #expect(address.name == "203.0.113.9" && address.ids("network") == ["n9"])
    }

    @Test func `projects, users and domains come from Keystone`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(
            """
            {"projects": [{"id": "p1", "name": "apollo", "domain_id": "default", "enabled": false}],
             "users": [{"id": "u1", "name": "ada", "domain_id": "default", "enabled": true}],
             "domains": [{"id": "default", "name": "Default", "enabled": true}]}
            """
        )
        let project = try #require(await rig.facts("Account", "p1"))
        #expect(project.name == "apollo" && project.ownerID == "p1" && project.domainID == "default")
        #expect(project.state == "disabled")
        let user = try #require(await rig.facts("User", "u1"))
        #expect(user.name == "ada" && user.ownerID == nil && user.domainID == "default")
        #expect(try await rig.facts("Domain", "default")?.name == "Default")
    }

    @Test func `a resource of each type is asked for at its place`() async throws {
        let rig = try await OpenStackRig()
        for (type, collection, place) in Self.places {
            try await rig.cloud.setResources(#"{"\#(collection)": [{"id": "x 1/2", "name": "the one"}]}"#)
            #expect(rig.enricher.knows(type))
            #expect(try await rig.facts(type, "x 1/2")?.name == "the one")
            #expect(try await rig.cloud.requests().last == "GET \(place)x%201%2F2")
        }
    }

    private static let places = [
        ("VirtualMachine", "servers", "/compute/v2.1/servers/"),
        ("ServiceOffering", "flavors", "/compute/v2.1/flavors/"),
        ("AffinityGroup", "os-server-groups", "/compute/v2.1/os-server-groups/"),
        ("Volume", "volumes", "/volume/v3/\(OpenStackStandIn.projectID)/volumes/"),
        ("Snapshot", "snapshots", "/volume/v3/\(OpenStackStandIn.projectID)/snapshots/"),
        ("DiskOffering", "types", "/volume/v3/\(OpenStackStandIn.projectID)/types/"),
        ("Template", "images", "/image/v2/images/"), ("Network", "networks", "/network/v2.0/networks/"),
        ("Subnet", "subnets", "/network/v2.0/subnets/"), ("Port", "ports", "/network/v2.0/ports/"),
        ("Router", "routers", "/network/v2.0/routers/"), ("IpAddress", "floatingips", "/network/v2.0/floatingips/"),
        ("SecurityGroup", "security-groups", "/network/v2.0/security-groups/"),
        ("Account", "projects", "/identity/v3/projects/"), ("User", "users", "/identity/v3/users/"),
        ("Domain", "domains", "/identity/v3/domains/"), ("Role", "roles", "/identity/v3/roles/"),
    ]

    @Test func `an endpoint may name the version, or not`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setCatalogue(#"{"image": "/image/v2", "network": "/network/v2.0/"}"#)
        try await rig.cloud.setResources(
            #"{"images": [{"id": "i1", "name": "a"}], "networks": [{"id": "n1", "name": "b"}]}"#
        )
        #expect(try await rig.facts("Template", "i1")?.name == "a")
        #expect(try await rig.facts("Network", "n1")?.name == "b")
    }

    @Test func `one token is enough for many questions, and a refused one is renewed once`() async throws {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(#"{"networks": [{"id": "n1", "name": "net"}]}"#)
        func tokenCount() async throws -> Int { try await rig.cloud.requests().count { $0.hasPrefix("POST") } }
        for _ in 1...3 { #expect(try await rig.facts("Network", "n1") != nil) }
        #expect(try await tokenCount() == 1)

        try await rig.cloud.revokeAll()
        #expect(try await rig.facts("Network", "n1")?.name == "net")
        #expect(try await tokenCount() == 2)

        try await rig.cloud.script(#"[{"status": 401}]"#)
        #expect(await rig.failure()?.description.contains("keystone_authtoken") == true)
        #expect(try await tokenCount() == 3, "and no more than once for a question")
    }

    @Test func `what a service does not know is none`() async throws {
        let rig = try await OpenStackRig()
        #expect(try await rig.facts("VirtualMachine", "gone") == nil)
        #expect(try await rig.facts("Template", "gone") == nil)
        #expect(!rig.enricher.knows("UnheardOf"))
        #expect(try await rig.facts("UnheardOf", "x") == nil)
    }

    @Test func `a collection that the roles do not allow leaves its resources unknown, and is told of once`()
        async throws
    {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(#"{"networks": [{"id": "n1", "name": "net"}]}"#)
        try await rig.cloud.setRefused(["projects"])
        #expect(try await rig.facts("Account", "p1") == nil)
        #expect(try await rig.facts("Account", "p2") == nil)
        #expect(try await rig.facts("Network", "n1") != nil)
        let warnings = rig.log.lines.filter { $0.level == .warning }
        #expect(warnings.map { $0.metadata["collection"] } == ["projects"])
    }

    @Test func `all of a collection comes page by page, however few a service gives at once`() async throws {
        let cloud = try await OpenStackStandIn.start()
        let settings = try OpenStackConfiguration(OpenStackRig.settings(cloud.url))
        let api = OpenStackAPI(settings.keystone, timeout: .seconds(30), time: SystemTime())
        let servers = try #require(OpenStackPath(of: "VirtualMachine"))
        let cases: [(count: Int, limit: Int, sizes: [Int])] = [
            (0, 1_000, []), (7, 1_000, [7]), (23, 1_000, [10, 10, 3]), (9, 4, [4, 4, 1]),
        ]
        for (count, limit, sizes) in cases {
            let rows = (0..<count).map { #"{"id": "s\#($0)"}"# }.joined(separator: ",")
            try await cloud.setResources(#"{"servers": [\#(rows)], "projects": [\#(rows)]}"#)
            try await cloud.script(#"[{"limit": \#(limit)}]"#)
            var pages = api.pages(of: servers, size: 10)
            var found: [Int] = []
            while let page = try await pages.next() { found.append(page.count) }
            #expect(found == sizes)
        }
        // Keystone gives everything at once.
        var projects = api.pages(of: try #require(OpenStackPath(of: "Account")), size: 2)
        let all = try await projects.next()
        let none = try await projects.next()
        #expect(all?.count == 9 && none == nil)
        await api.close()
    }
}
