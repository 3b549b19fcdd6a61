import Martlet
import MartletClouds
import Testing

/// How it ended, who did it, and which service tells of it.
@Suite struct OsloOutcomeTests {
    static let cadf =
        #""typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "event's own", "#
        + #""eventTime": "2026-11-20T10:00:00.5+0000", "initiator": {"id": "u-9", "user_id": "u-8", "project_id": "p-8"}"#

    @Test(arguments: [
        ("identity.user.created", #""target": {"id": "us-1"}, "resource_info": "us-1""#, "User/us-1", "p-8"),
        ("identity.user.created", #""target": {"id": "us-1"}"#, "User/us-1", "p-8"),
        ("identity.authenticate", #""target": {"id": "made up"}, "outcome": "success""#, "User/u-8", "p-8"),
        ("identity.gizmo.created", #""target": {"id": "g-1"}"#, "Gizmo/g-1", "p-8"),
        (
            "identity.role_assignment.created",
            #""target": {"id": "made up"}, "role": "r", "user": "u", "project": "p-1""#,
            "RoleAssignment/r:u:p-1", "p-1"
        ),
        ("objectstore.http.request", #""target": {"id": "p-7", "action": "get"}"#, "Account/p-7", "p-7"),
    ])
    func `CADF's events are read`(type: String, members: String, resource: String, owner: String) throws {
        let event = try decodeOslo(
            #"{"event_type": "\#(type)", "payload": {\#(Self.cadf), \#(members)}, "publisher_id": "identity.h"}"#
        )
        #expect(event.resource?.description == resource)
        #expect(event.fields.tenantID == owner)
        #expect(event.fields.actorID == "u-8")
        #expect(event.fields.phase == .completed)
        #expect(event.fields.outcome == .success)
        #expect(event.time?.description == "2026-11-20T10:00:00.500Z")
    }

    @Test func `a refused login is a failure and no trouble`() throws {
        let body = notification(
            "identity.authenticate",
            #"{\#(Self.cadf), "target": {"id": "x"}, "outcome": "failure"}"#
        )
        let event = try decodeOslo(body)
        #expect(event.category == .audit)
        #expect(event.topic.text == "keystone.AuditEvent.identity-authenticate.User.u-8")
        #expect(event.fields.outcome == .failure)
        #expect(event.fields.severity == .warning)
    }

    @Test func `what is pending has not come about`() throws {
        let body = notification(
            "identity.authenticate",
            #"{\#(Self.cadf), "target": {"id": "x"}, "outcome": "pending"}"#
        )
        let event = try decodeOslo(body)
        #expect(event.fields.phase == .progress)
        #expect(event.fields.outcome == nil)
    }

    @Test(arguments: [
        ("ERROR", "volume_type.create", Outcome?.some(.failure), Severity?.some(.error)),
        ("CRITICAL", "volume_type.create", .failure, .critical), ("WARN", "volume_type.create", .success, .warning),
        ("AUDIT", "volume_type.create", .success, nil), ("ERROR", "volume.create.end", .success, .error),
        ("ERROR", "volume.create.start", nil, .error), ("INFO", "volume.create.error", .failure, .error),
        ("ERROR", "compute.exception", nil, .error), ("INFO", "dns.api.fault", .failure, .error),
    ])
    func `the priority tells how it ended where the type does not`(
        priority: String,
        type: String,
        outcome: Outcome?,
        severity: Severity?
    ) throws {
        let event = try decodeOslo(notification(type, #"{"id": "x", "volume_id": "v"}"#, priority: priority))
        #expect(event.fields.outcome == outcome)
        #expect(event.fields.severity == severity)
    }

    @Test(arguments: [
        ("nova-compute:host1", "nova"), ("compute.host1", "nova"), ("network.host", "neutron"),
        ("volume.host@lvm#pool", "cinder"), ("image.localhost", "glance"), ("ironic-conductor.x", "ironic"),
        ("magnum.host1", "magnum"), ("masakari-api:x", "masakari"), ("weird", "weird"), ("", "openstack"),
    ])
    func `the publisher tells the service of an unknown type`(publisher: String, service: String) throws {
        let event = try decodeOslo(notification("gizmo.spin.end", "{}", publisher: publisher))
        #expect(event.topic.text == "\(service).ActionEvent.gizmo-spin-end.Gizmo.*")
    }

    @Test func `the domain is the owner's and not another one's`() throws {
        let context = #""_context_project_id": "p-1", "_context_project_domain": "d-1""#
        let own = notification("port.create.end", #"{"port": {"id": "n", "project_id": "p-1"}}"#, context: context)
        #expect(try decodeOslo(own).fields.domainID == "d-1")
        let others = notification("port.create.end", #"{"port": {"id": "n", "project_id": "p-2"}}"#, context: context)
        #expect(try decodeOslo(others).fields.domainID == nil)
        #expect(
            try osloFacts(notification("port.create.end", #"{"port": {"id": "n"}}"#, context: context))?.domainID == nil
        )
        let domain = notification("identity.domain.created", #"{"resource_info": "d-9"}"#)
        #expect(try decodeOslo(domain).fields.domainID == "d-9")
    }
}
