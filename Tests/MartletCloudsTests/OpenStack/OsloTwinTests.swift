import Martlet
import MartletClouds
import Testing

@Suite struct OsloTwinTests {
    private static func legacy(_ type: String, _ members: String = "") -> String {
        notification(type, #"{"instance_id": "i-1", "tenant_id": "p"\#(members)}"#)
    }

    private static func new(_ type: String, _ members: String = "") -> String {
        notification(type, versioned(#"{"uuid": "i-1", "tenant_id": "p"\#(members)}"#))
    }

    @Test(arguments: [
        ("compute.instance.create.end", "instance.create.end"),
        ("compute.instance.create.error", "instance.create.error"),
        ("compute.instance.exists", "instance.exists"),
        ("compute.instance.evacuate", "instance.evacuate"),
        ("compute.instance.finish_resize.end", "instance.resize_finish.end"),
        ("compute.instance.resize.confirm.start", "instance.resize_confirm.start"),
        ("compute.instance.live.migration.abort.end", "instance.live_migration_abort.end"),
        ("compute.instance.live_migration._post.end", "instance.live_migration_post.end"),
        ("compute.instance.live_migration.rollback.dest.end", "instance.live_migration_rollback_dest.end"),
        ("compute.instance.rebuild.scheduled", "instance.rebuild_scheduled"),
        ("compute.instance.volume.attach", "instance.volume_attach.end"),
    ])
    func `nova's two forms of one deed are twins`(old: String, new: String) throws {
        let first = try #require(try osloFacts(Self.legacy(old))?.twin)
        let second = try #require(try osloFacts(Self.new(new))?.twin)
        #expect(first.deed == second.deed)
        #expect(first.form != second.form)
    }

    @Test func `updates are twins where the states are the same`() throws {
        let states =
            #", "state": "active", "old_state": "building", "old_task_state": "spawning", "new_task_state": null"#
        let old = try osloFacts(Self.legacy("compute.instance.update", states))?.twin
        func update(_ state: String) throws -> Twin? {
            let object = versioned(
                #"{"state": "\#(state)", "old_state": "building", "old_task_state": "spawning", "new_task_state": null}"#
            )
            return try osloFacts(Self.new("instance.update", #", "state_update": \#(object)"#))?.twin
        }
        #expect(try old != nil && update("active")?.deed == old?.deed)
        #expect(try update("error")?.deed != old?.deed)
    }

    @Test func `aggregates and groups are known by one id in both forms`() throws {
        for (old, oldPayload, new, data) in [
            ("aggregate.addhost.end", #"{"aggregate_id": 3}"#, "aggregate.add_host.end", #"{"id": 3, "uuid": "a-1"}"#),
            ("servergroup.addmember", #"{"server_group_id": "g"}"#, "server_group.add_member", #"{"uuid": "g"}"#),
            (
                "keypair.create.end", #"{"user_id": "u", "key_name": "k"}"#, "keypair.create.end",
                #"{"user_id": "u", "name": "k"}"#
            ),
        ] {
            let first = try #require(try osloFacts(notification(old, oldPayload))?.twin)
            let second = try #require(try osloFacts(notification(new, versioned(data)))?.twin)
            #expect(first.deed == second.deed, "\(old)")
            #expect(first.form != second.form, "\(old)")
        }
    }

    @Test func `a zone's two names are twins`() throws {
        let payload = #"{"id": "z-1", "tenant_id": "p", "status": "PENDING"}"#
        let zone = try #require(try osloFacts(notification("dns.zone.create", payload))?.twin)
        let domain = try #require(try osloFacts(notification("dns.domain.create", payload))?.twin)
        #expect(zone.deed == domain.deed)
        #expect(zone.form != domain.form)
    }

    @Test func `another request, resource or ending is another deed`() throws {
        let one = try osloFacts(Self.legacy("compute.instance.reboot.end"))?.twin?.deed
        let other = #""_context_request_id": "req-2""#
        for body in [
            notification("instance.reboot.end", versioned(#"{"uuid": "i-1"}"#), context: other),
            notification("instance.reboot.end", versioned(#"{"uuid": "i-2"}"#)),
            Self.new("instance.reboot.start"), Self.new("instance.reboot.error"), Self.new("instance.resume.end"),
        ] {
            #expect(try osloFacts(body)?.twin?.deed != one)
        }
    }

    @Test func `without a request, and of other services, there are none`() throws {
        let body = notification("instance.reboot.end", versioned(#"{"uuid": "i-1"}"#), context: "")
        #expect(try osloFacts(body)?.twin == nil)
        #expect(try osloFacts(notification("port.create.end", #"{"port": {"id": "n"}}"#))?.twin == nil)
    }
}
