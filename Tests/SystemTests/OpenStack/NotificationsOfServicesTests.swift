import MartletJSON
import MartletTesting
import Testing

/// What OpenStack's own Glance and Keystone tell RabbitMQ, as the real binary takes it.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: OpenStackCloud.isInstalled, Comment(rawValue: OpenStackCloud.absenceReason))
)
struct NotificationsOfServicesTests {
    private struct Expected: Equatable {
        var type: String
        var state: String?
        var phase = "completed"
    }

    @Test func `an image's life is seen with id, owner, state and phase, and leaves a tombstone`() async throws {
        let cloud = try await OpenStackCloud.shared
        let server = try await cloud.serve("images")
        let member = try await cloud.makeMember(of: "apollo")
        let glance = cloud.glance
        let image = try await glance.makeImage("cirros", as: member.login)
        try await eventually("it is in the index") { try await server.resource("Template", image) != nil }
        let queued = try #require(await server.resource("Template", image))
        #expect(queued["state"]?.string == "queued")

        try await glance.upload("the bytes of a disk", to: image, as: member.login)
        try await glance.rename(image, to: "cirros 2", as: member.login)
        try await eventually("its last state is in the index") {
            try await server.resource("Template", image)?["document"]?["name"]?.string == "cirros 2"
        }
        let active = try #require(await server.resource("Template", image))
        #expect(active["state"]?.string == "active")
        #expect(active["tenantid"]?.string == member.project)
        #expect(active["cloud"]?.string == "osp")
        let details = active["document"]?["details"]
        #expect(details?["size"]?.integer == 19)
        #expect(details?["checksum"]?.string?.count == 32)
        #expect(active["document"]?["deleted"]?.string == nil)

        try await glance.delete(image, as: member.login)
        try await eventually("it is deleted in the index") {
            try await server.resource("Template", image)?["document"]?["deleted"]?.string != nil
        }
        let events = try await server.events(of: "Template", image)
        let seen = events.map {
            Expected(
                type: ($0["type"]?.string ?? "").replacing("org.openstack.", with: ""),
                state: $0["newstate"]?.string,
                phase: $0["phase"]?.string ?? ""
            )
        }
        #expect(
            seen == [
                .init(type: "image.create", state: "queued"), .init(type: "image.update", state: "saving"),
                .init(type: "image.prepare", phase: "started"), .init(type: "image.upload", state: "active"),
                .init(type: "image.activate", state: "active"), .init(type: "image.update", state: "active"),
                .init(type: "image.update", state: "active"), .init(type: "image.delete", state: "deleted"),
            ]
        )
        for event in events {
            #expect(event["tenantid"]?.string == member.project)
            #expect(event["origintype"]?.string == "image")
            #expect(event["category"]?.string == "action")
            #expect(event["outcome"]?.string == (event["phase"]?.string == "completed" ? "success" : nil))
            #expect(event["subject"]?.string == "Template/\(image)")
            #expect(event["source"]?.string?.hasPrefix("/clouds/osp/image.") == true)
            #expect(event["topic"]?.string?.hasPrefix("glance.ActionEvent.image-") == true)
            #expect(event["topic"]?.string?.hasSuffix(".Template.\(image)") == true)
        }
        // The names by which Glance itself knows them.
        #expect(Set(events.compactMap { $0["id"]?.string }).count == events.count)
        #expect(server.stop() == 0)
    }

    @Test func `projects and users are seen with resource and actor, and so is a refused login`() async throws {
        let cloud = try await OpenStackCloud.shared
        let server = try await cloud.serve("identity")
        let member = try await cloud.makeMember(of: "gemini")
        let administrator = cloud.administrator
        let user = member.login.userID
        await #expect(throws: (any Error).self) {
            _ = try await cloud.keystone.logIn(user: member.name, password: "another", project: "gemini")
        }
        try await cloud.keystone.request(
            "PATCH",
            "projects/\(member.project)",
            #"{"project":{"enabled":false}}"#,
            as: administrator
        )
        await #expect(throws: (any Error).self, "a disabled project takes nobody in") {
            _ = try await cloud.keystone.logIn(user: member.name, password: member.password, project: "gemini")
        }
        try await cloud.keystone.request("DELETE", "users/\(user)", as: administrator)
        try await cloud.keystone.request("DELETE", "projects/\(member.project)", as: administrator)
        try await eventually("both are deleted in the index") {
            let deleted = try await [server.resource("User", user), server.resource("Account", member.project)]
            return deleted.allSatisfy { $0?["document"]?["deleted"]?.string != nil }
        }
        for (resource, id, word) in [("Account", member.project, "project"), ("User", user, "user")] {
            let events = try await server.events(of: resource, id)
            let types = events.compactMap { $0["type"]?.string }
            #expect(types.first == "org.openstack.identity.\(word).created", "\(types)")
            #expect(types.last == "org.openstack.identity.\(word).deleted", "\(types)")
            for event in events where event["type"]?.string?.contains(".authenticate") != true {
                #expect(event["actorid"]?.string == administrator.userID)
                #expect(event["operationid"]?.string?.hasPrefix("req-") == true)
                #expect(event["outcome"]?.string == "success")
                #expect(event["source"]?.string?.hasPrefix("/clouds/osp/identity.") == true)
            }
        }
        let all = try await server.allEvents()
        let refused = all.filter { $0["type"]?.string == "org.openstack.identity.authenticate" }
        #expect(!refused.isEmpty)
        for event in refused {
            #expect(event["category"]?.string == "audit")
            #expect(event["outcome"]?.string == "failure" && event["severity"]?.string == "warning")
        }
        // Nothing that was typed in is anywhere.
        #expect(!all.contains { String(decoding: $0.bytes, as: UTF8.self).contains(member.password) })
        #expect(server.stop() == 0)
    }
}
