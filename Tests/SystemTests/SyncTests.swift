import Foundation
import MartletJSON
import MartletTesting
import Testing

/// `martlet sync` of the real binary, against stand-ins for the clouds' APIs.
@Suite(.timeLimit(.minutes(5))) struct SyncTests {
    private static func configuration(_ cloud: OpenStackStandIn, _ receivers: [String: Receiver]) -> String {
        """
        enrichers:
          - openstack:
              cloud: osp
              keystone: { auth-url: "\(cloud.url)", application-credential-id: i, application-credential-secret: "\(OpenStackStandIn.secret)" }
        \(forwarders(receivers))
        """
    }

    private static func forwarders(_ receivers: [String: Receiver]) -> String {
        guard !receivers.isEmpty else { return "" }
        let lines = receivers.sorted { $0.key < $1.key }.map { name, receiver in
            "  \(name): { webhook: { url: \"\(receiver.url)\" }, body: event\(name == "cmdb" ? ", sync: true" : "") }"
        }
        return "forwarders:\n\(lines.joined(separator: "\n"))"
    }

    private static func server(_ state: String, name: String = "web") -> String {
        """
        {"name": "\(name)", "OS-EXT-STS:vm_state": "\(state)", "tenant_id": "\(OpenStackStandIn.projectID)"}
        """
    }

    /// Runs the command to its end, which prints the sync.
    private static func sync(_ kind: String, _ server: Server, _ options: [String] = []) async throws -> JSONValue {
        let environment = ["MARTLET_URL": server.url, "MARTLET_TOKEN": server.token]
        let result = try await Command.run(
            Server.binary.path,
            ["sync", kind, "--json"] + options,
            environment: environment
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        return try JSONDocument(parsing: Array(result.output.utf8)).root
    }

    private static func events(_ receiver: Receiver) throws -> [JSONValue] {
        try receiver.requests.map { try JSONDocument(parsing: $0.body).root }
    }

    @Test
    func `a sync of OpenStack fills the index in silence, then finds what was missed, for those only who want it`()
        async throws
    {
        let cloud = try await OpenStackStandIn.start()
        try await cloud.seed(servers: 600)
        try await cloud.patch(
            #"{"servers": {"s-1": \#(Self.server("active")), "s-2": \#(Self.server("active")), "s-3": \#(Self.server("active"))}}"#
        )
        let (cmdb, billing) = (try await Receiver(), try await Receiver())
        let server = try await Server(configuration: Self.configuration(cloud, ["cmdb": cmdb, "billing": billing]))

        let first = try await Self.sync("openstack", server)
        #expect(first["events"]?.integer == 0 && first["new"]?.integer == first["read"]?.integer)
        #expect((first["read"]?.integer ?? 0) > 1_500)
        #expect(
            first["types"]?.elements.allSatisfy { $0["state"]?.string == "complete" && $0["first"]?.boolean == true }
                == true
        )
        let idle = try await Self.sync("openstack", server)
        #expect(idle["unchanged"]?.integer == first["read"]?.integer, "The API says the same each time.")
        #expect(try await server.head() == 0)

        try await cloud.patch(
            #"{"servers": {"s-1": {"OS-EXT-STS:vm_state": "stopped"}, "s-2": null, "s-4": \#(Self.server("building"))}}"#
        )
        let dry = try await Command.martlet("sync", "openstack", "--type", "VirtualMachine", "--dry-run", on: server)
        #expect(dry.output.contains("changed  VirtualMachine s-1 web: state active → stopped"))
        #expect(
            dry.output.contains("\nnew      VirtualMachine s-4") && dry.output.contains("\ngone     VirtualMachine s-2")
        )
        #expect(try await server.head() == 0)

        let found = try await Command.martlet("sync", "openstack", on: server)
        #expect(found.status == 0)
        #expect(found.output.contains(", 1 changed, 1 new, 1 gone, in "), "\(found.output)")
        #expect(found.output.hasSuffix("\n3 events were made.\n"))
        try await eventually("what was found has arrived") { try Self.events(cmdb).count == 3 }
        let events = try Self.events(cmdb)
        #expect(events.allSatisfy { $0["origin"]?.string == "sync" && $0["category"]?.string == "state" })
        #expect(
            Set(events.compactMap { $0["type"]?.string })
                == ["martlet.sync.changed", "martlet.sync.created", "martlet.sync.deleted"]
        )
        let changed = events.first { $0["type"]?.string == "martlet.sync.changed" }
        #expect(changed?["oldstate"]?.string == "active" && changed?["newstate"]?.string == "stopped")
        #expect(changed?["tenantid"]?.string == OpenStackStandIn.projectID)
        try await eventually("the other has passed it") {
            try await server.forwarder("billing")["filtered"]?.integer == 3
        }
        #expect(billing.requests.isEmpty)
        #expect(server.stop() == 0)
    }

    @Test func `kill -9 in the middle of a sync, and another one, tell each difference once`() async throws {
        let cloud = try await OpenStackStandIn.start()
        func patch(_ state: String) async throws {
            let servers = (1...120).map { "\"s-\($0)\": \(Self.server(state))" }
            try await cloud.patch("{\"servers\": {\(servers.joined(separator: ","))}}")
        }
        try await patch("active")
        let directory = try ScratchDirectory.make()
        let configuration = Self.configuration(cloud, [:])
        var server = try await Server(in: directory, configuration: configuration)
        #expect(try await Self.sync("openstack", server)["new"]?.integer == 120)
        try await patch("stopped")
        for share in [20, 60] {
            let begun = try await server.post("/v1/syncs", #"{"kind":"openstack","rate":50}"#)
            #expect(begun.status == 201)
            try await eventually("a part of it is told") { try await server.head() >= share }
            server.kill9()
            server = try await Server(in: directory, configuration: configuration)
            #expect(try await server.get("/v1/syncs").json["syncs"]?.count == 0)
        }
        let rest = try await Self.sync("openstack", server, ["--rate", "0"])
        #expect(rest["state"]?.string == "finished" && rest["gone"]?.integer == 0)
        let events = try await server.get("/v1/events?limit=1000").json["events"]
        let ids = events?.elements.compactMap { $0["resourceid"]?.string } ?? []
        #expect(ids.count == 120 && Set(ids).count == 120)
        #expect(try await server.head() == 120)
        #expect(server.stop() == 0)
    }

    @Test func `a sync of CloudStack does the same, and says which types it could not read`() async throws {
        let cloud = try await CloudStackStandIn.start()
        try await cloud.seed(machines: 200)
        try await cloud.patch(
            #"{"listVirtualMachines": {"vm-1": {"name": "web", "state": "Running"}, "vm-2": {"state": "Running"}}}"#
        )
        let configuration = """
            enrichers:
              - cloudstack: { cloud: prod, endpoint: "\(cloud.endpoint)", api-key: "\(CloudStackStandIn.apiKey)", secret-key: "\(CloudStackStandIn.secretKey)" }
            """
        let server = try await Server(configuration: configuration)
        let first = try await Self.sync("cloudstack", server)
        #expect(first["events"]?.integer == 0 && (first["new"]?.integer ?? 0) > 500)
        #expect(try await Self.sync("cloudstack", server)["unchanged"]?.integer == first["read"]?.integer)

        try await cloud.patch(#"{"listVirtualMachines": {"vm-1": {"state": "Stopped"}, "vm-2": null}}"#)
        try await cloud.setRefused(["listVolumes"])
        let found = try await Command.martlet("sync", "cloudstack", on: server)
        #expect(found.status == 1)
        #expect(found.output.contains(", 1 changed, 1 gone, in "), "\(found.output)")
        #expect(found.output.contains("\nVolume refused: "))
        let record = try await server.get("/v1/resources/VirtualMachine/vm-1").json
        #expect(record["state"]?.string == "Stopped")
        #expect(server.stop() == 0)
    }

    @Test func `a reload that takes the enricher away ends its sync, and one that cannot be is told with the remedy`()
        async throws
    {
        let cloud = try await OpenStackStandIn.start()
        try await cloud.seed(servers: 50)
        try await cloud.script(#"[{"hang": true}]"#)
        let server = try await Server(configuration: Self.configuration(cloud, [:]))
        let begun = try await server.post("/v1/syncs", #"{"kind":"openstack"}"#)
        let id = try #require(try begun.json["id"]?.string)
        let file = server.directory.appending(path: "martlet.yaml")
        try "forwarders: {}\n".write(to: file, atomically: true, encoding: .utf8)
        #expect(try await server.post("/v1/config/reload", "").status == 200)
        try await eventually("the sync has ended") {
            try await server.get("/v1/syncs/\(id)").json["state"]?.string == "stopped"
        }
        let refused = try await Command.martlet("sync", "openstack", on: server)
        #expect(refused.status == 1 && refused.errors.contains("enrichers: [ openstack: { cloud: NAME"))
        #expect(server.stop() == 0)
    }
}
