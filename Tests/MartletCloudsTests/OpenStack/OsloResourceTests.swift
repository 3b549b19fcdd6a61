import Martlet
import MartletClouds
import Testing

/// Each service's payloads, as its own code writes them.
@Suite struct OsloResourceTests {
    struct Row: Sendable {
        var type: String
        var payload: String
        /// `VirtualMachine/i-1`; empty where there is none.
        var resource: String
        var owner = "p-acting"
        var state: String?
        var service = ""
    }

    static let owned = #""tenant_id": "p-1""#

    static let nova = [
        Row(
            type: "compute.instance.update",
            payload: #"{"instance_id": "i-1", \#(owned), "state": "active", "old_state": "building"}"#,
            resource: "VirtualMachine/i-1",
            owner: "p-1",
            state: "active"
        ),
        Row(
            type: "instance.pause.end",
            payload: versioned(#"{"uuid": "i-1", \#(owned), "state": "paused"}"#, version: "9.9"),
            resource: "VirtualMachine/i-1",
            owner: "p-1",
            state: "paused"
        ),
        Row(
            type: "instance.levitate.end",
            payload: versioned(
                #"{"uuid": "i-1", "id": 7, \#(owned), "state": "high"}"#,
                name: "Unheard",
                version: "44.0"
            ),
            resource: "VirtualMachine/i-1",
            owner: "p-1",
            state: "high"
        ),
        Row(
            type: "compute_task.build_instances",
            payload: #"{"instance_id": "i-1", "instance_properties": {"project_id": "p-1"}, "state": "error"}"#,
            resource: "VirtualMachine/i-1",
            owner: "p-1"
        ),
        Row(type: "aggregate.addhost.end", payload: #"{"aggregate_id": 3, "host": "h"}"#, resource: "Aggregate/3"),
        Row(type: "HostAPI.set_enabled.end", payload: #"{"host_name": "h", "enabled": true}"#, resource: "Host/h"),
        Row(
            type: "servergroup.addmember",
            payload: #"{"server_group_id": "g-1", "instance_uuids": ["i-1"]}"#,
            resource: "AffinityGroup/g-1"
        ),
        Row(
            type: "keypair.create.end",
            payload: #"{"user_id": "u-1", "key_name": "default", \#(owned)}"#,
            resource: "SSHKeyPair/u-1:default",
            owner: "p-1"
        ),
        Row(
            type: "volume.usage",
            payload: #"{"volume_id": "v-1", \#(owned), "instance_id": "i-1", "reads": 3}"#,
            resource: "Volume/v-1",
            owner: "p-1"
        ),
        Row(
            type: "network.floating_ip.associate",
            payload: #"{"project_id": "p-1", "floating_ip": "192.0.2.1", "instance_id": "i-1"}"#,
            resource: "IpAddress/192.0.2.1",
            owner: "p-1"
        ),
        Row(type: "compute.exception", payload: #"{"exception": "Boom"}"#, resource: ""),
    ]

    static let network = [
        Row(
            type: "port.create.end",
            payload: #"{"port": {"id": "n-1", "project_id": "p-1", \#(owned), "status": "DOWN"}}"#,
            resource: "Port/n-1",
            owner: "p-1",
            state: "DOWN"
        ),
        Row(type: "port.create.start", payload: #"{"port": {\#(owned), "name": "x"}}"#, resource: "", owner: "p-1"),
        Row(type: "port.update.start", payload: #"{"port": {"name": "x"}, "id": "n-1"}"#, resource: "Port/n-1"),
        Row(type: "port.delete.start", payload: #"{"port_id": "n-1"}"#, resource: "Port/n-1"),
        Row(
            type: "floatingip.delete.end",
            payload: #"{"floatingip": {"id": "f-1", \#(owned), "status": "ACTIVE"}, "floatingip_id": "f-1"}"#,
            resource: "IpAddress/f-1",
            owner: "p-1"
        ),
        // Bulk: of one it is that one's, of several it is nobody's.
        Row(
            type: "network.create.end",
            payload: #"{"networks": [{"id": "n-1", \#(owned), "status": "ACTIVE"}]}"#,
            resource: "Network/n-1",
            owner: "p-1",
            state: "ACTIVE"
        ),
        Row(type: "network.create.end", payload: #"{"networks": [{"id": "n-1"}, {"id": "n-2"}]}"#, resource: ""),
        Row(
            type: "router.interface.create",
            payload: #"{"router_interface": {"id": "r-1", "port_id": "n-1", "subnet_id": "s-1", \#(owned)}}"#,
            resource: "Router/r-1",
            owner: "p-1"
        ),
        Row(
            type: "dhcp_agent.network.add",
            payload: #"{"agent": {"id": "a-1", "network_id": "n-1"}}"#,
            resource: "Agent/a-1"
        ),
        Row(
            type: "l3.meter",
            payload: #"{"label_id": "l-1", \#(owned), "bytes": 3, "host": "h"}"#,
            resource: "MeteringLabel/l-1",
            owner: "p-1"
        ),
        Row(
            type: "tag.create.end",
            payload: #"{"parent_resource": "security_groups", "parent_resource_id": "s-1", "tags": ["a"]}"#,
            resource: "SecurityGroup/s-1"
        ),
        Row(
            type: "policy.create.end",
            payload: #"{"policies": [{"id": "q-1", \#(owned)}]}"#,
            resource: "Policy/q-1",
            owner: "p-1"
        ),
    ]

    static let storage = [
        Row(
            type: "volume.attach.end",
            payload: #"{"volume_id": "v-1", \#(owned), "status": "in-use", "snapshot_id": "s-1"}"#,
            resource: "Volume/v-1",
            owner: "p-1",
            state: "in-use"
        ),
        Row(
            type: "snapshot.create.end",
            payload: #"{"snapshot_id": "s-1", "volume_id": "v-1", \#(owned), "status": "available"}"#,
            resource: "Snapshot/s-1",
            owner: "p-1",
            state: "available"
        ),
        Row(
            type: "groups.reset_status.end",
            payload: #"{"id": "g-1", "update": {"status": "error"}}"#,
            resource: "VolumeGroup/g-1"
        ),
        Row(
            type: "volume_type.create",
            payload: #"{"volume_types": {"id": "t-1", "name": "fast"}}"#,
            resource: "DiskOffering/t-1"
        ),
        Row(
            type: "volume_type_extra_specs.delete",
            payload: #"{"type_id": "t-1", "id": "key"}"#,
            resource: "DiskOffering/t-1"
        ),
        Row(
            type: "scheduler.create_volume",
            payload: #"{"volume_id": "v-1", "volume_properties": {"project_id": "p-1"}}"#,
            resource: "Volume/v-1",
            owner: "p-1"
        ),
        Row(
            type: "image.create",
            payload: #"{"id": "im-1", "owner": "p-1", "status": "queued"}"#,
            resource: "Template/im-1",
            owner: "p-1",
            state: "queued"
        ),
        Row(
            type: "image.member.update",
            payload: #"{"image_id": "im-1", "member_id": "p-2", "status": "accepted"}"#,
            resource: "Template/im-1"
        ),
        Row(
            type: "image.send",
            payload: #"{"image_id": "im-1", "owner_id": "p-1", "bytes_sent": 3}"#,
            resource: "Template/im-1",
            owner: "p-1"
        ),
        Row(
            type: "metadef_object.create",
            payload: #"{"namespace": "OS::X", "name": "o"}"#,
            resource: "MetadefObject/OS::X:o"
        ),
        Row(
            type: "container.create",
            payload: #"{"account": "AUTH_p", "container": "c", "project_id": "p-1"}"#,
            resource: "Bucket/AUTH_p:c",
            owner: "p-1"
        ),
    ]

    static let others = [
        Row(
            type: "identity.user.deleted",
            payload: #"{"resource_info": "us-1"}"#,
            resource: "User/us-1"
        ),
        Row(
            type: "identity.project.disabled",
            payload: #"{"resource_info": "p-9"}"#,
            resource: "Account/p-9",
            owner: "p-9",
            state: "disabled"
        ),
        Row(
            type: "identity.OS-TRUST:trust.created",
            payload: #"{"resource_info": "t-1"}"#,
            resource: "Trust/t-1"
        ),
        Row(
            type: "orchestration.stack.create.end",
            payload:
                #"{"stack_identity": "arn:openstack:heat::p-1:stacks/web/st-1", \#(owned), "state": "CREATE_COMPLETE"}"#,
            resource: "Stack/st-1",
            owner: "p-1",
            state: "CREATE_COMPLETE"
        ),
        Row(
            type: "orchestration.stack.create.end",
            payload: #"{"stack_identity": "st-1", \#(owned), "state": "CREATE_COMPLETE"}"#,
            resource: "Stack/st-1",
            owner: "p-1",
            state: "CREATE_COMPLETE"
        ),
        Row(
            type: "baremetal.node.provision_set.end",
            payload: #"{"ironic_object.name": "X", "ironic_object.data": {"uuid": "b-1", "owner": "p-1", "#
                + #""provision_state": "active", "previous_provision_state": "deploying"}}"#,
            resource: "BaremetalNode/b-1",
            owner: "p-1",
            state: "active"
        ),
        Row(
            type: "dns.domain.create",
            payload: #"{"id": "z-1", \#(owned), "status": "PENDING", "name": "example.org."}"#,
            resource: "DnsZone/z-1",
            owner: "p-1",
            state: "PENDING"
        ),
        Row(
            type: "dns.recordset.update",
            payload: #"{"id": "rs-1", "zone_id": "z-1", \#(owned), "status": "ACTIVE"}"#,
            resource: "DnsRecord/rs-1",
            owner: "p-1",
            state: "ACTIVE"
        ),
    ]

    static let unknown = [
        Row(
            type: "gizmo.spin.end",
            payload: #"{"gizmo_id": "g-1", "project_id": "p-1"}"#,
            resource: "Gizmo/g-1",
            owner: "p-1"
        ),
        Row(type: "gizmo.spin.end", payload: #"{"id": "g-1"}"#, resource: "Gizmo/g-1"),
        Row(type: "gizmo.spin.end", payload: #"{"uuid": "g-1"}"#, resource: "Gizmo/g-1"),
        Row(
            type: "gizmo.spin.end",
            payload: #"{"gizmo": {"id": "g-1", \#(owned)}}"#,
            resource: "Gizmo/g-1",
            owner: "p-1"
        ),
        Row(
            type: "gizmo.spin.end",
            payload: #"{"thing": {"id": "g-1", \#(owned)}}"#,
            resource: "Gizmo/g-1",
            owner: "p-1"
        ),
        Row(type: "gizmo.spin.end", payload: #"{"instance_uuid": "i-1"}"#, resource: "VirtualMachine/i-1"),
        Row(type: "gizmo.spin.end", payload: #"{"volume_id": "v-1"}"#, resource: "Volume/v-1"),
        Row(
            type: "trove.load_balancer.create.end",
            payload: #"{"trove_object.name": "X", "trove_object.data": {"id": 4, "uuid": "lb-1"}}"#,
            resource: "LoadBalancer/lb-1"
        ),
        Row(type: "gizmo.spin.end", payload: "[1, 2]", resource: ""),
        Row(type: "gizmo.spin.end", payload: "null", resource: ""),
        Row(type: "gizmo.spin.end", payload: #""text""#, resource: ""),
        Row(type: "...", payload: #"{"id": "x"}"#, resource: ""),
    ]

    @Test(arguments: nova + network + storage + others + unknown)
    func `the payload tells resource, owner and state`(row: Row) throws {
        let event = try decodeOslo(notification(row.type, row.payload, publisher: "x.host"))
        #expect(event.resource?.description ?? "" == row.resource)
        #expect(event.fields.tenantID == row.owner)
        #expect(event.fields.newState == row.state)
        let facts = try osloFacts(notification(row.type, row.payload))
        #expect((facts != nil) == (event.resource != nil))
        if let facts { #expect(facts.isOwnerConfirmed == (row.owner != "p-acting")) }
    }
}
