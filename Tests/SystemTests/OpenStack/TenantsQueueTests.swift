import MartletJSON
import MartletTesting
import Testing

/// From a service's notification to a tenant's queue of Zaqar's: Glance, Keystone, RabbitMQ and Zaqar are OpenStack's own.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: OpenStackCloud.isInstalled, Comment(rawValue: OpenStackCloud.absenceReason)),
    .enabled(if: ZaqarServer.isInstalled, "\(ZaqarServer.absenceReason)")
)
struct TenantsQueueTests {
    @Test func `a tenant finds the life of its image in its queue, without polling Glance`() async throws {
        let cloud = try await OpenStackCloud.shared
        let zaqar = try await ZaqarServer.start(keystone: cloud.keystone.serviceUser)
        try await cloud.keystone.makeService("messaging", url: zaqar.url, as: cloud.administrator)
        let keystone = try await CloudReader("queues", in: cloud).section(.application, cloud)
        let server = try await cloud.serve(
            "queues",
            more: """
                enrichers:
                  - openstack: { cloud: osp, keystone: \(keystone), timeout: 30s }
                forwarders:
                  tenants:
                    match: ["glance.#"]
                    protect: { audience: user }
                    zaqar: { queue: "images-{tenantid}", ttl: 1d, keystone: \(keystone) }
                    enrich-wait: 60s
                """
        )
        let member = try await cloud.makeMember(of: "vostok")
        try await server.waitForName("vostok", ofProject: member.project)
        let image = try await cloud.glance.makeImage("cirros", as: member.login)
        try await cloud.glance.upload("the bytes of a disk", to: image, as: member.login)
        try await cloud.glance.delete(image, as: member.login)

        let queue = "images-\(member.project)"
        let headers = ["X-Auth-Token: \(cloud.administrator.token)"]
        func bodies() async throws -> [JSONValue] {
            // There is no such queue before the first message.
            try await zaqar.bodies(in: queue, project: cloud.administrator.projectID, headers: headers)
        }
        try await eventually("the last event is in the tenant's queue") {
            try await bodies().last?["type"]?.string == "org.openstack.image.delete"
        }
        let found = try await bodies()
        #expect(found.first?["type"]?.string == "org.openstack.image.create")
        #expect(found.allSatisfy { $0["resourceid"]?.string == image && $0["tenantid"]?.string == member.project })
        let names = found.first?["data"]?["resource"]?["names"]?["tenantid"]
        #expect(names?[member.project]?.string == "vostok")
        #expect(Set(found.compactMap { $0["idempotencykey"]?.string }).count == found.count)
        let forwarder = try await server.forwarder("tenants")
        #expect(forwarder["dead"]?.integer == 0)
        #expect(server.stop() == 0)
    }
}
