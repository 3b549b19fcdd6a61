import Martlet
import MartletClouds
import MartletJSON
import Testing

@Suite struct CloudStackFactTests {
    typealias Relation = ResourceFacts.Relation

    static let result = """
        {"id":"\(ID.machine)","name":"vm03","displayname":"Web","state":"Running","domainid":"\(ID.domain)",\
        "zoneid":"\(ID.zone)","hostid":"h-1","nic":[{"id":"n-1","networkid":"net-1"},{"id":"n-2","networkid":"net-2"}],\
        "serviceofferingid":"o-1","projectid":"\(ID.project)"}
        """
    static let relations: Set = [
        Relation(kind: "domain", id: ID.domain), Relation(kind: "zone", id: ID.zone), Relation(kind: "host", id: "h-1"),
        Relation(kind: "network", id: "net-1"), Relation(kind: "network", id: "net-2"),
        Relation(kind: "serviceoffering", id: "o-1"), Relation(kind: "project", id: ID.project),
    ]

    static func job(_ result: String, status: String = "SUCCEEDED", command: String = "VM.START", info: String = "{}")
        -> String
    {
        """
        {"account":"\(ID.caller)","instanceUuid":"\(ID.machine)","instanceType":"VirtualMachine","commandEventType":\
        "\(command)","jobId":"\(ID.job)","cmdInfo":\(info),"status":"\(status)","jobResult":\(result)}
        """
    }

    static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        result, #"{"virtualmachine":\#(result)}"#, #"{"jobid":"1","virtualmachine":\#(result)}"#,
        quoted(result), quoted(#"{"virtualmachine":\#(result)}"#),
        quoted("org.apache.cloudstack.api.response.UserVmResponse/virtualmachine/\(result)"),
    ])
    func `a job's result describes the resource, however it is wrapped`(result: String) throws {
        let facts = try #require(try facts(CloudStackFactTests.job(result)))
        #expect(facts.name == "vm03")
        #expect(facts.displayName == "Web")
        #expect(facts.state == "Running")
        #expect(facts.domainID == ID.domain)
        #expect(facts.ownerID == ID.project)
        #expect(facts.isOwnerConfirmed)
        #expect(Set(facts.relations) == CloudStackFactTests.relations)
        #expect(text(facts.details) == CloudStackFactTests.result)
        #expect(!facts.isCreation && !facts.isDeletion && !facts.isRecovery)
    }

    @Test func `a description is no name`() throws {
        let template = #"{"id":"t-1","name":"debian-12","displaytext":"Debian 12 of May, all patches","isready":true}"#
        let body = """
            {"instanceUuid":"t-1","instanceType":"Template","commandEventType":"TEMPLATE.UPDATE","jobId":"\(ID.job)",\
            "cmdInfo":{},"status":"SUCCEEDED","jobResult":\(template)}
            """
        let facts = try #require(try facts(body))
        #expect(facts.name == "debian-12")
        #expect(facts.displayName == nil)
        #expect(text(facts.details) == template)
    }

    @Test(arguments: [
        (#"{"id":"another","name":"x","state":"Running"}"#, "SUCCEEDED"), (#"{"success":true}"#, "SUCCEEDED"),
        ("null", "SUCCEEDED"), (#""no JSON {""#, "SUCCEEDED"), ("[1]", "SUCCEEDED"), (result, "FAILED"),
        (result, "IN_PROGRESS"),
    ])
    func `another object's result and an unfinished or failed job describe nothing`(result: String, status: String)
        throws
    {
        let facts = try #require(try facts(CloudStackFactTests.job(result, status: status)))
        #expect(facts.name == nil)
        #expect(facts.state == nil)
        #expect(facts.details == nil)
        #expect(facts.relations.isEmpty)
        #expect(facts.ownerID == ID.caller)
        #expect(!facts.isOwnerConfirmed)
    }

    @Test(arguments: [
        ("VM.EXPUNGE", "SUCCEEDED", #"{"success":true}"#, "{}", true), ("VM.EXPUNGE", "FAILED", "{}", "{}", false),
        ("VM.EXPUNGE", "SUCCEEDED", #"{"success":false}"#, "{}", false), ("VM.DESTROY", "SUCCEEDED", "{}", "{}", false),
        ("VM.DESTROY", "SUCCEEDED", "{}", #"{"expunge":"true"}"#, true),
        ("VM.DESTROY", "SUCCEEDED", "{}", #"{"expunge":"false"}"#, false),
        ("VMSNAPSHOT.DELETE", "SUCCEEDED", #"{"success":true}"#, "{}", false),
    ])
    func `a job deletes what it is about when it succeeds`(
        command: String,
        status: String,
        result: String,
        info: String,
        isDeletion: Bool
    ) throws {
        let body = CloudStackFactTests.job(result, status: status, command: command, info: info)
        #expect(try facts(body)?.isDeletion == isDeletion)
    }

    @Test func `the classes in a job's context are relations`() throws {
        let info = """
            {"ctxDetails":{"interface com.cloud.vm.VirtualMachine":"\(ID.machine)","interface com.cloud.dc.DataCenter":\
            "\(ID.zone)"}}
            """
        let facts = try facts(CloudStackFactTests.job("null", status: "IN_PROGRESS", info: info))
        #expect(facts?.relations == [Relation(kind: "zone", id: ID.zone)])
    }

    @Test(arguments: [
        ("VM.CREATE", "VirtualMachine", "Completed", "Successfully", "creation"),
        ("VM.CREATE", "VirtualMachine", "Created", "Successfully created", "creation"),
        ("VM.CREATE", "VirtualMachine", "Scheduled", "deploying", ""),
        ("VM.CREATE", "VirtualMachine", "Completed", "Error while deploying", ""),
        ("VM.CREATE", "VirtualMachine", "Created", "Error while creating entity", ""),
        ("VM.EXPUNGE", "VirtualMachine", "Completed", "Successfully", "deletion"),
        ("VM.EXPUNGE", "VirtualMachine", "Started", "Expunging", ""),
        ("VM.EXPUNGE", "VirtualMachine", "Completed", "Error while expunging", ""),
        ("VM.DESTROY", "VirtualMachine", "Completed", "Successfully", ""),
        ("VM.RECOVER", "VirtualMachine", "Completed", "Successfully", "recovery"),
        ("VM.UNMANAGE", "VirtualMachine", "Completed", "Successfully", "deletion"),
        ("VOLUME.DELETE", "Volume", "Completed", "Successfully", "deletion"),
        ("VOLUME.DESTROY", "Volume", "Completed", "Successfully", ""),
        ("NETWORK.DELETE", "Network", "Completed", "Successfully", "deletion"),
        ("SNAPSHOT.DELETE", "Snapshot", "Completed", "Successfully", "deletion"),
        ("ACCOUNT.DELETE", "com.cloud.user.Account", "Completed", "Successfully", "deletion"),
        ("SERVICE.OFFERING.DELETE", "ServiceOffering", "Completed", "Successfully", "deletion"),
        ("TEMPLATE.DELETE", "VirtualMachineTemplate", "Completed", "Successfully", "deletion"),
        ("ROUTER.DESTROY", "DomainRouter", "Completed", "Successfully", "deletion"),
        ("VMSNAPSHOT.DELETE", "VirtualMachine", "Completed", "Successfully", ""),
        ("NIC.CREATE", "VirtualMachine", "Completed", "Successfully", ""),
        ("AG.REMOVE", "AffinityGroup", "Completed", "Successfully", ""),
        ("VM.START", "VirtualMachine", "Completed", "Successfully", ""),
    ])
    func `an action begins or ends a life only when it is done, and only that of its own resource`(
        event: String,
        entity: String,
        status: String,
        description: String,
        lifecycle: String
    ) throws {
        let body = machineAction(["event": event, "entity": entity, "status": status, "description": description])
        let facts = try #require(try facts(body))
        #expect(facts.isCreation == (lifecycle == "creation"))
        #expect(facts.isDeletion == (lifecycle == "deletion"))
        #expect(facts.isRecovery == (lifecycle == "recovery"))
        #expect(facts.state == nil)
    }

    @Test func `the classes of an action are relations, its caller no confirmed owner`() throws {
        let facts = try #require(
            try facts(
                machineAction([
                    "VirtualMachine": ID.machine, "DataCenter": ID.zone, "ServiceOffering": "o-1", "Domain": ID.domain,
                    "com.cloud.template.VirtualMachineTemplate": "t-1", "org.example.Gizmo": "g-1",
                ])
            )
        )
        #expect(
            facts.relations == [
                Relation(kind: "zone", id: ID.zone), Relation(kind: "serviceoffering", id: "o-1"),
                Relation(kind: "domain", id: ID.domain), Relation(kind: "template", id: "t-1"),
                Relation(kind: "gizmo", id: "g-1"),
            ]
        )
        #expect(facts.ownerID == ID.caller)
        #expect(!facts.isOwnerConfirmed)
        #expect(facts.domainID == ID.domain)
        #expect(facts.details == nil)
    }

    @Test func `an account and the user of a touched account have confirmed owners`() throws {
        let account = try facts(
            machineAction(["entity": "Account", "entityuuid": ID.account, "event": "ACCOUNT.CREATE"])
        )
        #expect(account?.ownerID == ID.account)
        #expect(account?.isOwnerConfirmed == true)
        let user = try facts(machineAction(["entity": "User", "entityuuid": ID.user, "Account": ID.account]))
        #expect(user?.ownerID == ID.account)
        #expect(user?.isOwnerConfirmed == true)
        let other = try facts(machineAction(["entity": "User", "entityuuid": ID.user]))
        #expect(other?.isOwnerConfirmed == false)
    }

    @Test func `usage confirms the owner and names the zone`() throws {
        let facts = try #require(try facts(CloudStackShapeTests.usage))
        #expect(facts.ownerID == ID.account)
        #expect(facts.isOwnerConfirmed)
        #expect(facts.relations == [Relation(kind: "zone", id: ID.zone)])
        #expect(!facts.isCreation)
    }

    @Test func `an alert names its zone`() throws {
        #expect(try facts(CloudStackShapeTests.alert)?.relations == [Relation(kind: "zone", id: ID.zone)])
    }

    @Test(
        arguments: [
            ("VirtualMachine", "Starting", "Running", "postStateTransitionEvent", "Running", false, false),
            ("VirtualMachine", "Starting", "Running", "preStateTransitionEvent", nil, false, false),
            ("VirtualMachine", "Destroyed", "Expunging", "postStateTransitionEvent", "Expunging", false, false),
            ("VirtualMachine", "Destroyed", "Stopped", "postStateTransitionEvent", "Stopped", false, true),
            ("VirtualMachine", "Running", "Destroyed", "postStateTransitionEvent", "Destroyed", false, false),
            ("Volume", "Creating", "Ready", nil, "Ready", false, false),
            ("Volume", "Expunging", "Expunged", nil, "Expunged", true, false),
            ("Volume", "Destroy", "Ready", nil, "Ready", false, true),
            ("Volume", "Ready", "Destroy", nil, "Destroy", false, false),
            ("Snapshot", "Destroying", "Destroyed", nil, "Destroyed", true, false),
            ("Network", "Allocated", "Destroy", nil, "Destroy", true, false),
        ] as [(String, String, String, String?, String?, Bool, Bool)]
    )
    func `only a confirmed transition changes the state`(
        type: String,
        old: String,
        new: String,
        status: String?,
        state: String?,
        isDeletion: Bool,
        isRecovery: Bool
    ) throws {
        let facts = try #require(try facts(CloudStackShapeTests.state(type, old, new, status: status)))
        #expect(facts.state == state)
        #expect(facts.isDeletion == isDeletion)
        #expect(facts.isRecovery == isRecovery)
        #expect(facts.ownerID == nil)
    }

    @Test func `what is not CloudStack's or of no known category has no facts`() throws {
        #expect(try facts("{}") == nil)
        let event = try decode(machineAction()).with { $0.type = "org.openstack.compute.instance.create.end" }
        let body = try JSONDocument(parsing: event.payload.original).root
        #expect(CloudStackFactReader().facts(of: event, body: body) == nil)
    }
}
