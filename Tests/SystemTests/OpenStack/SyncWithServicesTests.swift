import MartletJSON
import MartletTesting
import Testing

/// `martlet sync openstack` of the real binary, against OpenStack's own Keystone and Glance: what they list, beside what they
/// notify of. Nova, Neutron and Cinder are not there.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: OpenStackCloud.isInstalled, Comment(rawValue: OpenStackCloud.absenceReason))
)
struct SyncWithServicesTests {
    private static let listedTypes: Set<String> = ["Account", "Domain", "Role", "Template", "User", "UserGroup"]

    @Test func `what notifications have told is no difference, and what they have not becomes an event each`()
        async throws
    {
        let cloud = try await SyncedCloud("sync")
        let receiver = try await Receiver()
        let source = cloud.sourceConfiguration
        var server = try await Server(configuration: source + cloud.configuration(receiver))
        try await eventually("the source runs") { try await server.source("osp")["state"]?.string == "running" }
        let seed = try await cloud.seed()

        let first = try await cloud.sync(server)
        #expect(first.status == 1, "what is not there could not be read")
        #expect(first.completeTypes == Self.listedTypes && first.answer["events"]?.integer == 0)
        #expect(first.types.values.allSatisfy { $0["first"]?.boolean == true })
        for (type, count) in try await cloud.counts() {
            #expect(first.types[type]?["read"]?.integer == count, "\(type)")
        }
        for (type, service) in [("VirtualMachine", "compute"), ("Port", "network"), ("Volume", "volumev3")] {
            #expect(first.types[type]?["state"]?.string == "refused")
            let reason = first.types[type]?["reason"]?.string ?? ""
            #expect(reason.contains("catalogue has no public endpoint of type \(service)"), "\(reason)")
        }

        // While it listens; what the services tell and what they list has to be the same.
        let lives = try await cloud.live(seed)
        try await eventually("the index has what was notified") { try await cloud.knows(lives, server) }
        let idle = try await cloud.sync(server)
        #expect(idle.differences == [], "\(idle.answer)")
        #expect(server.stop() == 0)

        // While it is away, and its queue with it.
        let missed = try await cloud.changeUnseen(seed)
        server = try await Server(in: server.directory, configuration: cloud.configuration(receiver))
        let head = try await server.head()
        let dry = try await cloud.sync(server, "--dry-run")
        #expect(Set(dry.differences) == missed, "\(dry.answer)")
        #expect(try await server.head() == head)
        let found = try await cloud.sync(server)
        #expect(Set(found.differences) == missed && found.differences.count == missed.count, "\(found.answer)")
        #expect(found.answer["events"]?.integer == Int64(missed.count))

        try await eventually("they have arrived") { receiver.requests.count >= missed.count }
        let events = try await server.allEvents().filter { $0["origin"]?.string == "sync" }
        #expect(Set(events.map(SyncedCloud.Difference.init(event:))) == missed && events.count == missed.count)
        #expect(events.allSatisfy { $0["category"]?.string == "state" && $0["cloud"]?.string == "osp" })
        #expect(receiver.requests.count == missed.count, "and nothing else, which is no sync's")
        let again = try await cloud.sync(server)
        #expect(again.differences == [] && again.answer["events"]?.integer == 0)
        try await receiver.close()
        try await expectNothingGone(with: "image", cloud, seed, server)
    }

    /// What a service has that the catalogue no longer names is not taken for deleted, and the others are read.
    private func expectNothingGone(
        with service: String,
        _ cloud: SyncedCloud,
        _ seed: SyncedCloud.Seed,
        _ former: Server
    ) async throws {
        #expect(former.stop() == 0)
        try await cloud.takeOutOfCatalogue(service)
        try await cloud.cloud.glance.delete(seed.images[0], as: cloud.cloud.administrator)
        let server = try await Server(in: former.directory, configuration: cloud.configuration(nil))
        let found = try await cloud.sync(server, "--accept-deletions")
        #expect(found.types["Template"]?["state"]?.string == "refused" && found.differences == [])
        #expect(found.completeTypes == Self.listedTypes.subtracting(["Template"]))
        for image in [seed.images[0], seed.images[2]] {
            let record = try #require(await server.resource("Template", image))
            #expect(record["document"]?["deleted"]?.string == nil)
        }
        let text = try await Command.martlet("sync", "openstack", on: server)
        #expect(text.status == 1)
        for line in ["Template refused: ", "ServiceOffering, AffinityGroup, VirtualMachine refused: "] {
            let start = "\n\(line)Keystone's catalogue has no public endpoint of type "
            #expect(text.output.contains(start), "\(text.output)")
        }
        #expect(server.stop() == 0)
    }
}
