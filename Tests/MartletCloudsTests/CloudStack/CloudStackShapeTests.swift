import Martlet
import Testing

@Suite struct CloudStackShapeTests {
    static let usage = """
        {"account":"\(ID.account)","zone":"\(ID.zone)","event":"VOLUME.CREATE","resource":"com.cloud.storage.Volume",\
        "id":"\(ID.volume)","eventDateTime":"2026-01-30 11:38:35 +0530"}
        """
    static let alert = """
        {"event":"ALERT.MEMORY","dataCenterId":"\(ID.zone)","subject":"System Alert","body":"Low","eventDateTime":\
        "2026-01-30 11:38:35 +0000"}
        """

    static func state(
        _ type: String = "VirtualMachine",
        _ old: String,
        _ new: String,
        status: String? = nil
    ) -> String {
        let status = status.map { #""status":"\#($0)","# } ?? ""
        return """
            {"resource":"\(type)","id":"\(ID.machine)","old-state":"\(old)","new-state":"\(new)",\(status)"eventDateTime":\
            "2026-01-30 11:38:35 +0000"}
            """
    }

    static func job(status: String, more: String = "") -> String {
        """
        {"command":"StartVMCmdByAdmin","user":"\(ID.user)","account":"\(ID.account)","processStatus":"0","resultCode":"0",\
        "instanceUuid":"\(ID.machine)","instanceType":"VirtualMachine","commandEventType":"VM.START","jobId":"\(ID.job)",\
        "cmdInfo":{"response":"json"},"status":"\(status)"\(more)}
        """
    }

    @Test(arguments: [nil, "management-server.UsageEvent.VOLUME-CREATE.com-cloud-storage-Volume.\(ID.volume)"])
    func `usage has an owner and no outcome`(key: String?) throws {
        let event = try decode(CloudStackShapeTests.usage, key: key)
        #expect(event.category == .usage)
        #expect(event.type == "org.apache.cloudstack.VOLUME.CREATE")
        #expect(event.topic.text == "management-server.UsageEvent.VOLUME-CREATE.Volume.\(ID.volume)")
        #expect(event.resource == ResourceReference(type: "Volume", id: ID.volume))
        #expect(event.fields.tenantID == ID.account)
        #expect(event.fields.phase == nil)
        #expect(event.fields.outcome == nil)
        #expect(event.fields.actorID == nil)
        #expect(event.time?.description == "2026-01-30T06:08:35Z")
    }

    @Test(arguments: [nil, "management-server.AlertEvent.ALERT-MEMORY.*.*"])
    func `an alert is a warning without a resource`(key: String?) throws {
        let event = try decode(CloudStackShapeTests.alert, key: key)
        #expect(event.category == .alert)
        #expect(event.type == "org.apache.cloudstack.ALERT.MEMORY")
        #expect(event.topic.text == "management-server.AlertEvent.ALERT-MEMORY.*.*")
        #expect(event.resource == nil)
        #expect(event.fields.severity == .warning)
        #expect(event.fields.outcome == nil)
        #expect(event.time?.description == "2026-01-30T11:38:35Z")
    }

    @Test(
        arguments: [
            ("preStateTransitionEvent", Phase.started), ("postStateTransitionEvent", .completed), (nil, .completed),
        ] as [(String?, Phase)]
    )
    func `a transition is started before and completed after`(status: String?, phase: Phase) throws {
        let body = CloudStackShapeTests.state("VirtualMachine", "Stopped", "Starting", status: status)
        let event = try decode(
            body,
            key: "management-server.ResourceStateEvent.StartRequested.VirtualMachine.\(ID.machine)"
        )
        #expect(event.category == .state)
        #expect(event.type == "org.apache.cloudstack.StartRequested")
        #expect(event.topic.text == "management-server.ResourceStateEvent.StartRequested.VirtualMachine.\(ID.machine)")
        #expect(event.resource == ResourceReference(type: "VirtualMachine", id: ID.machine))
        #expect(event.fields.oldState == "Stopped")
        #expect(event.fields.newState == "Starting")
        #expect(event.fields.phase == phase)
        #expect(event.fields.outcome == nil)
        #expect(!event.fields.isImpossibleTransition)
    }

    @Test(arguments: [
        ("VirtualMachine", "Stopped", "Starting", "StartRequested", "StartRequested", false),
        ("VirtualMachine", "Starting", "Running", "ResourceStateEvent", "*", false),
        ("VirtualMachine", "Destroyed", "Running", "ResourceStateEvent", "*", true),
        ("VirtualMachine", "Stopped", "Levitating", "ResourceStateEvent", "*", false),
        ("Volume", "Ready", "Resizing", "ResizeRequested", "ResizeRequested", false),
        ("Volume", "Expunged", "Ready", "ResourceStateEvent", "*", true),
        ("Volume", "Ready", "Ready", "ResourceStateEvent", "*", false),
        ("Snapshot", "BackedUp", "Copying", "CopyingRequested", "CopyingRequested", false),
        ("Network", "Allocated", "Implementing", "ImplementNetwork", "ImplementNetwork", false),
        ("Network", "Allocated", "Implemented", "ResourceStateEvent", "*", true),
        ("Gizmo", "Up", "Down", "ResourceStateEvent", "*", false),
    ])
    func `without a routing key a transition is named where one event alone makes it`(
        type: String,
        old: String,
        new: String,
        event: String,
        word: String,
        isImpossible: Bool
    ) throws {
        let decoded = try decode(CloudStackShapeTests.state(type, old, new))
        #expect(decoded.category == .state)
        #expect(decoded.type == "org.apache.cloudstack.\(event)")
        #expect(decoded.topic.text == "management-server.ResourceStateEvent.\(word).\(type).\(ID.machine)")
        #expect(decoded.fields.isImpossibleTransition == isImpossible)
    }

    @Test(
        arguments: [
            ("submit", "IN_PROGRESS", "submit", Phase.scheduled, nil),
            ("update", "IN_PROGRESS", "update", .progress, nil),
            ("complete", "SUCCEEDED", "complete", .completed, Outcome.success),
            ("complete", "FAILED", "complete", .completed, .failure),
            ("complete", "CANCELLED", "complete", .completed, .failure),
            (nil, "SUCCEEDED", "complete", .completed, .success),
            (nil, "FAILED", "complete", .completed, .failure),
            (nil, "IN_PROGRESS", "AsyncJobEvent", .progress, nil),
            (nil, "PONDERING", "AsyncJobEvent", nil, nil),
        ] as [(String?, String, String, Phase?, Outcome?)]
    )
    func `a job is named by how far it has come`(
        step: String?,
        status: String,
        type: String,
        phase: Phase?,
        outcome: Outcome?
    ) throws {
        let key = step.map { "management-server.AsyncJobEvent.\($0).VirtualMachine.\(ID.machine)" }
        let event = try decode(CloudStackShapeTests.job(status: status), key: key)
        #expect(event.category == .job)
        #expect(event.type == "org.apache.cloudstack.\(type)")
        let word = type == "AsyncJobEvent" ? "*" : type
        #expect(event.topic.text == "management-server.AsyncJobEvent.\(word).VirtualMachine.\(ID.machine)")
        #expect(event.resource == ResourceReference(type: "VirtualMachine", id: ID.machine))
        #expect(event.fields.phase == phase)
        #expect(event.fields.outcome == outcome)
        #expect(event.fields.severity == (outcome == .failure ? .error : nil))
        #expect(event.fields.operationID == ID.job)
        #expect(event.fields.tenantID == ID.account)
        #expect(event.fields.actorID == ID.user)
        #expect(event.time == nil)
    }

    @Test func `a job of no resource has none`() throws {
        let body = #"{"jobId":"\#(ID.job)","cmdInfo":{},"instanceType":"None","status":"IN_PROGRESS"}"#
        let event = try decode(body, key: "management-server.AsyncJobEvent.submit.unknown.*")
        #expect(event.resource == nil)
        #expect(event.topic.text == "management-server.AsyncJobEvent.submit.*.*")
    }

    @Test func `a job without status ends by its result code`() throws {
        let key = "management-server.AsyncJobEvent.complete.VirtualMachine.\(ID.machine)"
        #expect(try decode(#"{"jobId":"1","cmdInfo":{},"resultCode":"530"}"#, key: key).fields.outcome == .failure)
        #expect(try decode(#"{"jobId":"1","cmdInfo":{},"resultCode":0}"#, key: key).fields.outcome == .success)
    }

    @Test func `a webhook's delivery has the id and the type of its headers`() throws {
        let headers = [
            "x-cs-event-id": "08192a3b-4c5d-4e6f-b708-192a3b4c5d0b", "x-cs-event": "VM.START",
            "user-agent": "CS-Hookshot/\(ID.account)",
        ]
        let event = try decode(machineAction(), headers: headers)
        #expect(event.id == "08192a3b-4c5d-4e6f-b708-192a3b4c5d0b")
        #expect(event.category == .action)
        #expect(event.type == "org.apache.cloudstack.VM.START")
        let unnamed = try decode(machineAction(["event": ""]), headers: headers)
        #expect(unnamed.type == "org.apache.cloudstack.VM.START")
        #expect(unnamed.category == .action)
        let strange = try decode(#"{"anything":1}"#, headers: headers)
        #expect(strange.category == .action)
        #expect(strange.type == "org.apache.cloudstack.VM.START")
    }

    @Test(arguments: [[:], ["x-cs-event": "TEST.WEBHOOK", "x-cs-event-id": "1", "user-agent": "CS-Hookshot/x"]])
    func `a webhook's test delivery is an event of its own`(headers: [String: String]) throws {
        let event = try decode(#"{"CloudStack":"works!"}"#, headers: headers)
        #expect(event.category == .other)
        #expect(event.type == "org.apache.cloudstack.TEST.WEBHOOK")
        #expect(event.topic.text == "management-server.Event.TEST-WEBHOOK.*.*")
        #expect(event.resource == nil)
    }
}
