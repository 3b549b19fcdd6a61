import Martlet
import MartletJSON
import Testing

@Suite struct OsloEnvelopeTests {
    static let body = notification(
        "compute.instance.create.end",
        #"{"instance_id": "i-1", "tenant_id": "p-owner", "state": "active"}"#,
        publisher: "compute.host1"
    )

    @Test(arguments: [
        body, enveloped(body), enveloped(body, version: "2.7"), #"{"oslo.version":"2.0","oslo.message":\#(body)}"#,
    ])
    func `with and without an envelope it is the same event`(body: String) throws {
        let event = try decodeOslo(body, key: "notifications.info")
        #expect(event.id == "m-1")
        #expect(event.source == "/clouds/osp/compute.host1")
        #expect(event.type == "org.openstack.compute.instance.create.end")
        #expect(event.time?.description == "2026-11-20T23:48:54.460580Z")
        #expect(event.fields.region == "RegionOne")
        #expect(event.topic.text == "nova.ActionEvent.compute-instance-create-end.VirtualMachine.i-1")
        #expect(event.resource == ResourceReference(type: "VirtualMachine", id: "i-1"))
        #expect(event.partitionKey == "osp/VirtualMachine/i-1")
        #expect(event.fields.extensions["origintype"] == .string("instance"))
        #expect(event.fields.phase == .completed)
        #expect(event.fields.outcome == .success)
        #expect(event.fields.newState == "active")
        #expect(event.fields.tenantID == "p-owner")
        #expect(event.fields.actorID == "u-1")
        #expect(event.fields.operationID == "req-1")
        #expect(!event.fields.isRedacted)
        #expect(text(event.payload.original) == OsloEnvelopeTests.body)
    }

    @Test func `over Kafka the context is one object`() throws {
        let context = #""_context": {"user_id": "u-2", "project_id": "p-2", "request_id": "req-2", "roles": ["admin"]}"#
        let event = try decodeOslo(enveloped(notification("image.update", #"{"id": "im-1"}"#, context: context)))
        #expect(event.fields.actorID == "u-2")
        #expect(event.fields.tenantID == "p-2")
        #expect(event.fields.operationID == "req-2")
        #expect(text(event.payload.original)?.contains("roles") == false)
        #expect(!event.fields.isRedacted)
    }

    @Test func `what is not said is absent`() throws {
        let event = try decodeOslo(#"{"event_type": "port.create.end"}"#)
        #expect(event.id.isEmpty)
        #expect(event.time == nil)
        #expect(event.source == "/clouds/osp/neutron")
        #expect(event.topic.text == "neutron.ActionEvent.port-create-end.Port.*")
        #expect(event.resource == nil)
        #expect(event.fields.tenantID == nil)
        #expect(event.fields.actorID == nil)
        #expect(event.fields.operationID == nil)
    }

    @Test func `without a message's id the one of the sending counts`() throws {
        let event = try decodeOslo(#"{"event_type": "port.create.end", "_unique_id": "0e23ad40", "payload": {}}"#)
        #expect(event.id == "0e23ad40")
    }

    @Test(arguments: [
        ("[]", "an array"), ("3", "a number"), ("", "empty"), ("{", "not JSON"), ("{}", "event_type"),
        (#"{"event_type": 3}"#, "event_type"), (#"{"event_type": ""}"#, "event_type"),
        (#"{"oslo.version": "2.0"}"#, "oslo.message"),
        (#"{"oslo.version": "3.0", "oslo.message": "{}"}"#, "3.0"),
        (#"{"oslo.version": "20.0", "oslo.message": "{}"}"#, "20.0"),
        (#"{"oslo.version": null, "oslo.message": "{}"}"#, "2.x"),
        (#"{"oslo.version": "2.0", "oslo.message": "{"}"#, "oslo.message is not JSON"),
        (#"{"oslo.version": "2.0", "oslo.message": "[]"}"#, "an array"),
        (#"{"oslo.version": "2.0", "oslo.message": 3}"#, "a number"),
        (#"{"oslo.version": "2.0", "oslo.message": "{\"method\": \"ping\", \"args\": {}}"}"#, "remote procedure call"),
    ])
    func `what no event can be made of is refused with the reason`(body: String, reason: String) {
        let error = #expect(throws: FormatError.self) { try decodeOslo(body) }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test(arguments: ["2026-11-20 23:48:54", "2026-11-20T23:48:54Z", "2026-11-21 00:48:54+0100"])
    func `a time without a zone is UTC`(text: String) throws {
        let event = try decodeOslo(#"{"event_type": "x.y", "timestamp": "\#(text)"}"#)
        #expect(event.time?.description == "2026-11-20T23:48:54Z")
    }
}
