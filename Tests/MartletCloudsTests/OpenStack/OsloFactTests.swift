import Martlet
import MartletClouds
import MartletJSON
import Testing

@Suite struct OsloFactTests {
    typealias Relation = ResourceFacts.Relation

    private static func machine(_ members: String = "", type: String = "instance.resume.end") -> String {
        notification(
            type,
            versioned(
                #"{"uuid": "i-1", "tenant_id": "p-1", "display_name": "web", "state": "active", "host": "h-1", "#
                    + #""image_uuid": "im-1", "user_id": "u-1", "fault": null\#(members.isEmpty ? "" : ", \(members)")}"#
            )
        )
    }

    @Test func `a machine's document is in the words of the API, without wrappers`() throws {
        let flavor = versioned(#"{"flavorid": "fl-1", "name": "m1", "memory_mb": 512, "extra_specs": {"a": "b"}}"#)
        let address = versioned(
            #"{"label": "private", "address": "192.0.2.3", "version": 4, "mac": "fa:16", "port_uuid": "n-1"}"#
        )
        let device = versioned(#"{"volume_id": "v-1", "delete_on_termination": false}"#)
        let body = Self.machine(
            #""flavor": \#(flavor), "ip_addresses": [\#(address)], "block_devices": [\#(device)], "node": "n", "#
                + #""power_state": "running", "metadata": {"k": "v"}, "action_initiator_user": "u", "request_id": "r""#
        )
        let facts = try #require(try osloFacts(body))
        #expect(facts.name == "web")
        #expect(facts.state == "active")
        #expect(
            text(facts.details)
                == #"{"id":"i-1","tenant_id":"p-1","name":"web","OS-EXT-STS:vm_state":"active","#
                + #""OS-EXT-SRV-ATTR:host":"h-1","image":{"id":"im-1"},"user_id":"u-1","#
                + #""flavor":{"id":"fl-1","name":"m1","ram":512,"extra_specs":{"a":"b"}},"#
                + #""addresses":{"private":[{"addr":"192.0.2.3","version":4,"OS-EXT-IPS-MAC:mac_addr":"fa:16","#
                + #""port_id":"n-1"}]},"os-extended-volumes:volumes_attached":[{"id":"v-1","delete_on_termination":false}],"#
                + #""OS-EXT-SRV-ATTR:hypervisor_hostname":"n","power_state":"running","metadata":{"k":"v"}}"#
        )
        for relation in [
            Relation(kind: "serviceoffering", id: "fl-1"), Relation(kind: "port", id: "n-1"),
            Relation(kind: "volume", id: "v-1"), Relation(kind: "host", id: "h-1"),
            Relation(kind: "template", id: "im-1"),
        ] {
            #expect(facts.relations.contains(relation))
        }
    }

    @Test func `an unversioned payload makes the same document`() throws {
        let body = notification(
            "compute.instance.resume.end",
            #"{"instance_id": "i-1", "tenant_id": "p-1", "display_name": "web", "state": "active", "host": "h-1"}"#
        )
        #expect(
            text(try osloFacts(body)?.details)
                == #"{"id":"i-1","tenant_id":"p-1","name":"web","OS-EXT-STS:vm_state":"active","OS-EXT-SRV-ATTR:host":"h-1"}"#
        )
    }

    @Test func `a document that needs no other words is the payload's own`() throws {
        let port = #"{"id": "n-1",  "name": "eth0", "status": "ACTIVE"}"#
        let facts = try #require(try osloFacts(notification("port.update.end", #"{"port": \#(port)}"#)))
        #expect(text(facts.details) == port)
        #expect(facts.name == "eth0")
    }

    @Test(arguments: ["instance.resume.start", "instance.resume.error", "instance.rebuild_scheduled"])
    func `what has not come about tells the owner and nothing else`(type: String) throws {
        let facts = try #require(try osloFacts(Self.machine(type: type)))
        #expect(facts.ownerID == "p-1")
        #expect(facts.isOwnerConfirmed)
        #expect(facts.state == nil)
        #expect(facts.details == nil)
        #expect(facts.name == nil)
        #expect(facts.relations.isEmpty)
    }

    @Test func `a report of what exists changes no state`() throws {
        let facts = try #require(try osloFacts(Self.machine(type: "instance.exists")))
        #expect(facts.state == nil)
        #expect(facts.name == "web")
        #expect(facts.details != nil)
        let deleted = try #require(try osloFacts(Self.machine(#""deleted_at": "2026-01-01""#, type: "instance.exists")))
        #expect(deleted.details == nil)
        #expect(!deleted.isDeletion)
    }

    @Test(arguments: [
        ("instance.create.end", true, false, false), ("instance.delete.end", false, true, false),
        ("instance.restore.end", false, false, true), ("instance.soft_delete.end", false, false, false),
        ("instance.delete.start", false, false, false), ("instance.delete.error", false, false, false),
        ("instance.shelve.end", false, false, false),
    ])
    func `beginning and end of a life`(type: String, creation: Bool, deletion: Bool, recovery: Bool) throws {
        let facts = try #require(try osloFacts(Self.machine(type: type)))
        #expect(facts.isCreation == creation)
        #expect(facts.isDeletion == deletion)
        #expect(facts.isRecovery == recovery)
    }

    @Test func `a member's or an interface's end is not the resource's`() throws {
        let member = #"{"image_id": "im-1", "member_id": "p-2", "status": "accepted"}"#
        for body in [
            notification("image.member.create", member), notification("image.member.delete", member),
            notification("router.interface.delete", #"{"router_interface": {"id": "r-1", "port_id": "n"}}"#),
            notification("volume_type_extra_specs.delete", #"{"type_id": "t-1"}"#),
        ] {
            let facts = try #require(try osloFacts(body))
            #expect(!facts.isCreation && !facts.isDeletion)
            #expect(facts.details == nil && facts.state == nil)
        }
    }

    @Test func `a port tells of its server, and that it has none any more`() throws {
        let bound =
            #"{"id": "n-1", "device_id": "i-1", "device_owner": "compute:nova", "network_id": "net-1", "#
            + #""security_groups": ["s-1", "s-2"], "fixed_ips": [{"subnet_id": "sub-1", "ip_address": "192.0.2.3"}]}"#
        let facts = try #require(try osloFacts(notification("port.update.end", #"{"port": \#(bound)}"#)))
        #expect(
            Set(facts.relations) == [
                Relation(kind: "virtualmachine", id: "i-1"), Relation(kind: "network", id: "net-1"),
                Relation(kind: "securitygroup", id: "s-1"), Relation(kind: "securitygroup", id: "s-2"),
                Relation(kind: "subnet", id: "sub-1"),
            ]
        )
        let free = try #require(
            try osloFacts(
                notification("port.update.end", #"{"port": {"id": "n-1", "device_id": "", "device_owner": ""}}"#)
            )
        )
        #expect(free.relations.isEmpty)
        #expect(free.completeKinds.contains("virtualmachine"))
    }

    @Test func `a floating IP tells of its port`() throws {
        let facts = try #require(
            try osloFacts(
                notification(
                    "floatingip.update.end",
                    #"{"floatingip": {"id": "f-1", "port_id": null, "router_id": "r-1", "floating_network_id": "net-1"}}"#
                )
            )
        )
        #expect(facts.completeKinds.isSuperset(of: ["port", "router", "network"]))
        #expect(Set(facts.relations) == [Relation(kind: "router", id: "r-1"), Relation(kind: "network", id: "net-1")])
    }

    @Test func `who joins a server group is not taken for all of its members`() throws {
        let added = notification(
            "servergroup.addmember",
            #"{"server_group_id": "g-1", "instance_uuids": ["i-2"]}"#
        )
        let facts = try #require(try osloFacts(added))
        #expect(facts.relations == [Relation(kind: "virtualmachine", id: "i-2")])
        #expect(!facts.completeKinds.contains("virtualmachine"))
        let whole = versioned(#"{"uuid": "g-1", "members": ["i-1", "i-2"]}"#, name: "ServerGroupPayload")
        let all = try #require(try osloFacts(notification("server_group.add_member", whole)))
        #expect(all.relations.count == 2)
        #expect(all.completeKinds.contains("virtualmachine"))
    }

    @Test func `attaching, detaching and swapping a volume changes the one relation`() throws {
        let attached = try #require(
            try osloFacts(Self.machine(#""volume_id": "v-2", "block_devices": []"#, type: "instance.volume_attach.end"))
        )
        #expect(attached.relations.contains(Relation(kind: "volume", id: "v-2")))
        #expect(!attached.completeKinds.contains("volume"))
        let detached = try #require(
            try osloFacts(Self.machine(#""volume_id": "v-2""#, type: "instance.volume_detach.end"))
        )
        #expect(detached.endedRelations == [Relation(kind: "volume", id: "v-2")])
        let swapped = try #require(
            try osloFacts(
                Self.machine(#""old_volume_id": "v-1", "new_volume_id": "v-2""#, type: "instance.volume_swap.end")
            )
        )
        #expect(swapped.endedRelations == [Relation(kind: "volume", id: "v-1")])
        #expect(swapped.relations.contains(Relation(kind: "volume", id: "v-2")))
    }

    @Test func `a node's power is not its state`() throws {
        let body = notification(
            "baremetal.node.power_state_corrected.success",
            #"{"ironic_object.data": {"uuid": "b-1", "from_power": "power on", "power_state": "power off", "#
                + #""provision_state": "active"}, "ironic_object.name": "X"}"#
        )
        let event = try decodeOslo(body)
        #expect(event.category == .state)
        #expect(event.fields.oldState == "power on")
        #expect(event.fields.newState == "power off")
        #expect(try osloFacts(body)?.state == "active")
    }

    @Test func `others' events, and those without a resource, tell nothing`() throws {
        let body = try JSONDocument(parsing: #"{"event_type": "instance.create.end", "payload": {"instance_id": "i"}}"#)
            .root
        #expect(OsloFactReader().facts(of: try decode(machineAction()), body: body) == nil)
        #expect(try osloFacts(notification("compute.exception", "{}")) == nil)
    }
}
