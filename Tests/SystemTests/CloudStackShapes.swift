import Testing

/// Bodies in the shapes in which CloudStack publishes them, with what Martlet should make of each.
///
/// The shapes are CloudStack's (versions 4.9 to 4.23); the values are made up.
struct CloudStackShape: Sendable, CustomTestStringConvertible {
    var name: String
    /// The broker's routing key; `nil` where it comes without one, as from Kafka or a webhook.
    var topic: String?
    var headers: [(name: String, value: String)] = []
    var body: String
    /// Attributes that the event must have.
    var expected: [String: String]

    var testDescription: String { name }

    static let machine = "6f1c0f6e-51c2-4f0e-8c40-1f5a8c1f7a01"
    static let volume = "2a7d3c0e-9a64-4b1c-9f57-3e1f0a9d4b02"
    static let snapshot = "b86b4b52-7a0c-4f39-8f44-90d1a6f3cc03"
    static let network = "c1f0c8f7-3d9e-4f3f-9c12-5f0e9f8b1d04"
    static let account = "7d2f9a34-0c6b-4b7e-8e1d-6a5b4c3d2e05"
    static let otherAccount = "3b9e8d7c-6f5a-4e4d-9c3b-2a1f0e9d8c06"
    static let user = "94c8b7a6-5d4e-4f3a-8b2c-1d0e9f8a7b07"
    static let zone = "51f2e3d4-c5b6-4a79-8897-a6b5c4d3e208"
    static let job = "e0d1c2b3-a495-4687-9788-9a0b1c2d3e09"
    static let time = "2026-03-05 14:20:31 +0530"
    static let utc = "2026-03-05T08:50:31Z"

    private static func action(
        _ status: String,
        _ description: String,
        event: String = "VM.START",
        more: String = ""
    ) -> String {
        """
        {"eventDateTime":"\(time)","status":"\(status)","description":"\(description)","event":"\(event)",\
        "entity":"VirtualMachine","entityuuid":"\(machine)","VirtualMachine":"\(machine)","account":"\(account)",\
        "user":"\(user)"\(more)}
        """
    }

    private static func topic(_ category: String, _ event: String, _ resource: String, _ id: String) -> String {
        "management-server.\(category).\(event).\(resource).\(id)"
    }

    private static let actionTopic = topic("ActionEvent", "VM-START", "VirtualMachine", machine)

    static let all: [CloudStackShape] = actions + usage + alertsAndStates + jobs + others

    private static let actions: [CloudStackShape] = [
        CloudStackShape(
            name: "action scheduled",
            topic: actionTopic,
            body: action("Scheduled", "starting Vm"),
            expected: [
                "type": "org.apache.cloudstack.VM.START", "category": "action", "phase": "scheduled",
                "resourcetype": "VirtualMachine", "resourceid": machine, "actorid": user, "time": utc,
                "topic": actionTopic, "source": "/clouds/cloudstack/management-server",
                "subject": "VirtualMachine/\(machine)",
            ]
        ),
        CloudStackShape(
            name: "action started",
            topic: actionTopic,
            body: action("Started", "Starting Vm"),
            expected: ["phase": "started", "category": "action"]
        ),
        CloudStackShape(
            name: "action completed",
            topic: actionTopic,
            body: action("Completed", "Successfully completed starting Vm"),
            expected: ["phase": "completed", "outcome": "success"]
        ),
        CloudStackShape(
            name: "action completed with a failure",
            topic: actionTopic,
            body: action("Completed", "Error while starting Vm"),
            expected: ["phase": "completed", "outcome": "failure", "severity": "error"]
        ),
        CloudStackShape(
            name: "action created",
            topic: topic("ActionEvent", "VM-CREATE", "VirtualMachine", machine),
            body: action(
                "Created",
                "Successfully created entity for deploying Vm",
                event: "VM.CREATE",
                more: ",\"Network\":\"\(network)\""
            ),
            expected: ["phase": "created", "type": "org.apache.cloudstack.VM.CREATE"]
        ),
        CloudStackShape(
            name: "action with keys that differ by case only",
            topic: nil,
            body: """
                {"Account":"\(account)","eventDateTime":"\(time)","entityuuid":"\(account)","status":"Completed",\
                "description":"Successfully completed creating Account. Account Name: null, Domain Id:1",\
                "event":"ACCOUNT.CREATE","user":"\(user)","account":"\(otherAccount)","entity":"com.cloud.user.Account"}
                """,
            expected: [
                "type": "org.apache.cloudstack.ACCOUNT.CREATE", "resourcetype": "Account", "resourceid": account,
                "tenantid": account, "topic": "management-server.ActionEvent.ACCOUNT-CREATE.Account.\(account)",
            ]
        ),
        CloudStackShape(
            name: "action in a project",
            topic: actionTopic,
            body: action("Completed", "Successfully completed", more: ",\"project\":\"\(otherAccount)\""),
            expected: ["tenantid": otherAccount]
        ),
        CloudStackShape(
            name: "action at once, without an entity",
            topic: topic("ActionEvent", "USER-LOGIN", "User", "*"),
            body: """
                {"eventDateTime":"\(time)","status":"Completed","description":"user has logged in","event":"USER.LOGIN",\
                "account":"\(account)","user":"\(user)"}
                """,
            expected: ["type": "org.apache.cloudstack.USER.LOGIN", "category": "action"]
        ),
    ]

    private static let usage: [CloudStackShape] = [
        CloudStackShape(
            name: "usage of a volume",
            topic: topic("UsageEvent", "VOLUME-CREATE", "com-cloud-storage-Volume", volume),
            body: """
                {"account":"\(account)","zone":"\(zone)","event":"VOLUME.CREATE","resource":"com.cloud.storage.Volume",\
                "id":"\(volume)","eventDateTime":"\(time)"}
                """,
            expected: [
                "category": "usage", "resourcetype": "Volume", "resourceid": volume, "tenantid": account,
                "topic": "management-server.UsageEvent.VOLUME-CREATE.Volume.\(volume)",
            ]
        ),
        CloudStackShape(
            name: "usage of a machine, without a routing key",
            topic: nil,
            body: """
                {"account":"\(account)","zone":"\(zone)","event":"NETWORK.OFFERING.REMOVE",\
                "resource":"com.cloud.vm.VMInstanceVO","id":"\(machine)","eventDateTime":"\(time)"}
                """,
            expected: ["category": "usage", "resourcetype": "VirtualMachine", "resourceid": machine]
        ),
    ]

    private static func state(
        _ resource: String,
        _ id: String,
        _ old: String,
        _ new: String,
        status: String? = nil
    ) -> String {
        let status = status.map { ",\"status\":\"\($0)\"" } ?? ""
        return """
            {"resource":"\(resource)","id":"\(id)","old-state":"\(old)","new-state":"\(new)"\(status),\
            "eventDateTime":"\(time)"}
            """
    }

    private static let alertsAndStates: [CloudStackShape] = [
        CloudStackShape(
            name: "alert",
            topic: "management-server.AlertEvent.ALERT-MEMORY.*.*",
            body: """
                {"event":"ALERT.MEMORY","dataCenterId":"\(zone)","subject":"Low memory","body":"Below the threshold",\
                "eventDateTime":"\(time)"}
                """,
            expected: [
                "category": "alert", "type": "org.apache.cloudstack.ALERT.MEMORY", "severity": "warning",
                "topic": "management-server.AlertEvent.ALERT-MEMORY.*.*",
            ]
        ),
        CloudStackShape(
            name: "state before the transition",
            topic: topic("ResourceStateEvent", "StartRequested", "VirtualMachine", machine),
            body: state("VirtualMachine", machine, "Stopped", "Starting", status: "preStateTransitionEvent"),
            expected: ["category": "state", "oldstate": "Stopped", "newstate": "Starting", "phase": "started"]
        ),
        CloudStackShape(
            name: "state after the transition",
            topic: topic("ResourceStateEvent", "OperationSucceeded", "VirtualMachine", machine),
            body: state("VirtualMachine", machine, "Starting", "Running", status: "postStateTransitionEvent"),
            expected: [
                "phase": "completed", "newstate": "Running", "type": "org.apache.cloudstack.OperationSucceeded",
            ]
        ),
        CloudStackShape(
            name: "state of a volume",
            topic: topic("ResourceStateEvent", "OperationSucceeded", "Volume", volume),
            body: state("Volume", volume, "Creating", "Ready"),
            expected: ["category": "state", "resourcetype": "Volume", "newstate": "Ready"]
        ),
        CloudStackShape(
            name: "state of a snapshot",
            topic: topic("ResourceStateEvent", "BackupToSecondary", "Snapshot", snapshot),
            body: state("Snapshot", snapshot, "CreatedOnPrimary", "BackingUp"),
            expected: ["resourcetype": "Snapshot", "newstate": "BackingUp"]
        ),
        CloudStackShape(
            name: "state of a network",
            topic: topic("ResourceStateEvent", "ImplementNetwork", "Network", network),
            body: state("Network", network, "Allocated", "Implementing"),
            expected: ["resourcetype": "Network", "oldstate": "Allocated"]
        ),
    ]

    private static func jobBody(_ rest: String) -> String {
        """
        {"command":"org.apache.cloudstack.api.command.admin.vm.StartVMCmdByAdmin","user":"\(user)",\
        "account":"\(account)","processStatus":"0","resultCode":"0","instanceUuid":"\(machine)",\
        "instanceType":"VirtualMachine","commandEventType":"VM.START","jobId":"\(job)",\(rest)}
        """
    }

    private static let jobs: [CloudStackShape] = [
        CloudStackShape(
            name: "job submitted",
            topic: topic("AsyncJobEvent", "submit", "VirtualMachine", machine),
            body: jobBody(#""cmdInfo":{"response":"json","id":"1"},"status":"IN_PROGRESS""#),
            expected: ["category": "job", "operationid": job, "type": "org.apache.cloudstack.submit"]
        ),
        CloudStackShape(
            name: "job complete, with its result",
            topic: topic("AsyncJobEvent", "complete", "VirtualMachine", machine),
            body: jobBody(
                """
                "cmdInfo":{"id":"1"},"status":"SUCCEEDED","jobResult":{"id":"\(machine)","name":"web01",\
                "state":"Running","hostid":"h1","nic":[{"id":"n1","networkid":"\(network)"}]},"username":"admin"
                """
            ),
            expected: ["phase": "completed", "outcome": "success", "operationid": job]
        ),
        CloudStackShape(
            name: "job of 4.15, with credentials in a string",
            topic: "management-server.AsyncJobEvent.complete.VirtualMachine.*",
            body: jobBody(
                #""cmdInfo":"{\"id\": \"1\", \"sessionkey\": \"S3CR3T-mark\"}","status":"SUCCEEDED","jobResult":"x""#
            ),
            expected: ["redacted": "true", "category": "job"]
        ),
    ]

    private static let others: [CloudStackShape] = [
        CloudStackShape(
            name: "the sixth shape",
            topic: "management-server.ActionEvent.VM-START.VirtualMachine.*",
            body: #"{"details":"Vm Id: 7","event":"VM.START","status":"Completed"}"#,
            expected: ["category": "action", "type": "org.apache.cloudstack.VM.START"]
        ),
        CloudStackShape(
            name: "the distributor's boot event",
            topic: "server.NONE.starting.server.NONE",
            body: "null",
            expected: ["category": "other", "source": "/clouds/cloudstack/server"]
        ),
        CloudStackShape(
            name: "webhook delivery",
            topic: nil,
            headers: [
                (name: "X-CS-Event-ID", value: "11aa22bb-33cc-44dd-55ee-66ff77aa88bb"),
                (name: "X-CS-Event", value: "VM.START"),
            ],
            body: action("Completed", "Successfully completed starting Vm"),
            expected: ["id": "11aa22bb-33cc-44dd-55ee-66ff77aa88bb", "type": "org.apache.cloudstack.VM.START"]
        ),
        CloudStackShape(
            name: "webhook's test delivery",
            topic: nil,
            headers: [
                (name: "X-CS-Event-ID", value: "22aa22bb-33cc-44dd-55ee-66ff77aa88bb"),
                (name: "X-CS-Event", value: "TEST.WEBHOOK"),
            ],
            body: #"{"CloudStack": "works!"}"#,
            expected: ["type": "org.apache.cloudstack.TEST.WEBHOOK"]
        ),
        CloudStackShape(
            name: "a row of listEvents",
            topic: nil,
            body: """
                {"id":"33aa22bb-33cc-44dd-55ee-66ff77aa88bb","username":"admin","type":"VM.START","level":"ERROR",\
                "description":"Error while starting Vm","account":"admin","resourceid":"\(machine)",\
                "resourcetype":"VirtualMachine","created":"2026-03-05T08:50:31+0000","state":"Completed"}
                """,
            expected: [
                "id": "33aa22bb-33cc-44dd-55ee-66ff77aa88bb", "outcome": "failure", "time": utc, "resourceid": machine,
            ]
        ),
    ]
}
