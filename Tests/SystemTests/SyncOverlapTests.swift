import Foundation
import MartletJSON
import MartletTesting
import Testing

/// A sync of the real binary while something else happens: a notification, a reload; and one that is not shown everything.
@Suite(.timeLimit(.minutes(5))) struct SyncOverlapTests {
    private static func configuration(_ cloud: OpenStackStandIn, timeout: Int = 5) -> String {
        """
        enrichers:
          - openstack:
              cloud: openstack
              timeout: \(timeout)s
              keystone:
                auth-url: \(cloud.url)
                application-credential-id: i1
                application-credential-secret: "\(OpenStackStandIn.secret)"
        """
    }

    /// Begins a sync of servers whose page takes a while, and returns when the page has been asked for.
    private static func beginSlowly(_ server: Server, _ cloud: OpenStackStandIn) async throws -> String {
        let asked = try await cloud.requests().count
        try await cloud.script(#"[{"slow": 3}, {}]"#)
        let begun = try await server.post("/v1/syncs", #"{"kind":"openstack","types":["VirtualMachine"]}"#)
        #expect(begun.status == 201, "\(begun.text)")
        try await eventually("the page is asked for") {
            try await cloud.requests().dropFirst(asked).contains { $0.contains("servers/detail") }
        }
        return try #require(try begun.json["id"]?.string)
    }

    private static func ended(_ id: String, _ server: Server) async throws -> JSONValue {
        try await eventually("the sync has ended") {
            try await server.get("/v1/syncs/\(id)").json["state"]?.string != "running"
        }
        return try await server.get("/v1/syncs/\(id)").json
    }

    private static func state(_ server: Server) async throws -> String? {
        try await server.get("/v1/resources/VirtualMachine/vm-a").json["state"]?.string
    }

    private static func document(_ server: Server) async throws -> JSONValue? {
        try await server.get("/v1/resources/VirtualMachine/vm-a").json["document"]
    }

    private static let machine = """
        {"servers": {"vm-a": {"name": "a", "OS-EXT-STS:vm_state": "active", "tenant_id": "\(OpenStackStandIn.projectID)"}}}
        """

    /// A notification of nova's, as it is published now.
    private static func notification(_ state: String) -> String {
        let time = Date().formatted(.iso8601.dateTimeSeparator(.space)).replacing("Z", with: ".000000")
        return """
            {"message_id": "\(UUID())", "publisher_id": "compute.c1", "event_type": "compute.instance.power_off.end",
             "priority": "INFO", "timestamp": "\(time)",
             "payload": {"instance_id": "vm-a", "state": "\(state)", "tenant_id": "\(OpenStackStandIn.projectID)"}}
            """
    }

    @Test func `what a notification says while a page is on its way is not set back`() async throws {
        let cloud = try await OpenStackStandIn.start()
        try await cloud.seed(servers: 100)
        try await cloud.patch(Self.machine)
        let server = try await Server(configuration: Self.configuration(cloud))
        #expect(try await Command.martlet("sync", "openstack", on: server).status == 0)
        #expect(try await Self.state(server) == "active")

        let id = try await Self.beginSlowly(server, cloud)
        let answer = try await server.post("/v1/sources/openstack", Self.notification("stopped"))
        #expect(answer.status == 200 || answer.status == 202, "\(answer.text)")
        let sync = try await Self.ended(id, server)
        #expect(sync["state"]?.string == "finished")
        #expect(sync["newer"]?.integer == 1 && sync["events"]?.integer == 0)
        #expect(try await Self.state(server) == "stopped")
        #expect(server.stop() == 0)
    }

    @Test func `a reload that makes the enricher anew lets its sync end well`() async throws {
        let cloud = try await OpenStackStandIn.start()
        try await cloud.seed(servers: 1_200)
        let server = try await Server(configuration: Self.configuration(cloud))
        let id = try await Self.beginSlowly(server, cloud)
        let file = server.directory.appending(path: "martlet.yaml")
        try Self.configuration(cloud, timeout: 6).write(to: file, atomically: true, encoding: .utf8)
        #expect(try await server.post("/v1/config/reload", "").status == 200)
        let sync = try await Self.ended(id, server)
        #expect(sync["state"]?.string == "finished" && sync["read"]?.integer == 1_200)
        #expect(sync["types"]?[0]?["state"]?.string == "complete")
        #expect(server.stop() == 0)
    }

    /// By default only the role `admin` is believed; what another one is shown is compared, and never gone.
    @Test func `a role that the operator says sees everything finds what has gone, where services bear it out`()
        async throws
    {
        let cloud = try await OpenStackStandIn.start()
        try await cloud.seed(servers: 100)
        try await cloud.patch(Self.machine)
        try await cloud.setRoles(["auditor"])
        try await cloud.setSeers(
            #"{"compute": ["auditor"], "identity": ["auditor"], "image": ["auditor"], "volumev3": ["auditor"]}"#
        )
        let options = ["sync", "openstack", "--type", "VirtualMachine", "--type", "Router", "--json"]
        func sync(_ server: Server) async throws -> (status: Int32, answer: JSONValue) {
            let environment = ["MARTLET_URL": server.url, "MARTLET_TOKEN": server.token]
            let result = try await Command.run(Server.binary.path, options, environment: environment)
            return (result.status, try JSONDocument(parsing: Array(result.output.utf8)).root)
        }
        var server = try await Server(configuration: Self.configuration(cloud))
        #expect(try await sync(server).answer["events"]?.integer == 0)
        try await cloud.patch(#"{"servers": {"vm-a": {"OS-EXT-STS:vm_state": "stopped"}, "vm-b": {"name": "b"}}}"#)
        let changed = try await sync(server)
        #expect(changed.status == 1 && changed.answer["events"]?.integer == 1, "\(changed.answer)")
        try await cloud.patch(#"{"servers": {"vm-a": null}}"#)
        #expect(try await sync(server).answer["gone"]?.integer == 0)
        #expect(server.stop() == 0)

        let believed = Self.configuration(cloud).replacing(
            "      keystone:",
            with: "      all-seeing-roles: [auditor]\n      keystone:"
        )
        server = try await Server(in: server.directory, configuration: believed)
        let first = try await sync(server)
        #expect(
            first.answer["types"]?[0]?["state"]?.string == "refused",
            "Neutron shows its own project only: \(first.answer)"
        )
        #expect(first.answer["types"]?[1]?["state"]?.string == "complete" && first.answer["events"]?.integer == 0)
        #expect(try await Self.document(server)?["deleted"]?.string != nil)
        try await cloud.patch(#"{"servers": {"vm-b": null}}"#)
        let found = try await sync(server)
        #expect(found.answer["gone"]?.integer == 1 && found.answer["events"]?.integer == 1)
        #expect(server.stop() == 0)
    }

    /// By ids alone nobody could tell what is gone from what belongs to somebody else.
    @Test func `keys that show a part of the cloud take nothing for gone, and the command says so`() async throws {
        let cloud = try await CloudStackStandIn.start()
        try await cloud.seed(machines: 40)
        let server = try await Server(
            configuration: """
                enrichers:
                  - cloudstack:
                      cloud: cloudstack
                      endpoint: \(cloud.endpoint)
                      api-key: \(CloudStackStandIn.apiKey)
                      secret-key: \(CloudStackStandIn.secretKey)
                """
        )
        #expect(try await Command.martlet("sync", "cloudstack", "--type", "Volume", on: server).status == 0)
        try await cloud.setHabits(#"{"sees": "account-1"}"#)
        let result = try await Command.martlet("sync", "cloudstack", "--type", "Volume", on: server)
        #expect(result.status == 1)
        #expect((result.output + result.errors).contains("Read-Only Admin"), "\(result.output)\(result.errors)")
        #expect(try await server.head() == 0, "no delete")
        #expect(server.stop() == 0)
    }
}
