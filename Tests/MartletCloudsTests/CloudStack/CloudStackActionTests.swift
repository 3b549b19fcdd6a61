import Martlet
import Testing

@Suite struct CloudStackActionTests {
    @Test func `an action with a routing key gives every attribute`() throws {
        let key = "management-server.ActionEvent.VM-START.VirtualMachine.\(ID.machine)"
        let event = try decode(machineAction(), key: key)
        #expect(event.id == "")
        #expect(event.source == "/clouds/prod/management-server")
        #expect(event.type == "org.apache.cloudstack.VM.START")
        #expect(event.topic.text == key)
        #expect(event.cloud == "prod")
        #expect(event.fields.region == "north")
        #expect(event.category == .action)
        #expect(event.resource == ResourceReference(type: "VirtualMachine", id: ID.machine))
        #expect(event.fields.phase == .completed)
        #expect(event.fields.outcome == .success)
        #expect(event.fields.severity == nil)
        #expect(event.fields.tenantID == ID.caller)
        #expect(event.fields.domainID == nil)
        #expect(event.fields.actorID == ID.user)
        #expect(event.time?.description == "2026-01-30T11:38:35Z")
        #expect(event.fields.dataContentType == "application/json")
        #expect(event.fields.recordedTime == nil)
        #expect(event.position == nil)
        #expect(!event.fields.isRedacted)
        #expect(text(event.payload.original) == machineAction())
    }

    @Test func `without a routing key the same attributes are read from the body`() throws {
        let key = "management-server.ActionEvent.VM-START.VirtualMachine.\(ID.machine)"
        #expect(try decode(machineAction()) == decode(machineAction(), key: key))
    }

    @Test(
        arguments: [
            ("Created", "Successfully created entity for deploying Vm.", Phase.created, nil, nil),
            ("Scheduled", "starting Vm.", .scheduled, nil, nil),
            ("Started", "Starting Vm.", .started, nil, nil),
            ("Completed", "Successfully completed starting Vm.", .completed, Outcome.success, nil),
            ("Completed", "user has logged in from IP Address /127.0.0.1", .completed, .success, nil),
            ("Completed", "Error while starting Vm. Vm Id: 1", .completed, .failure, Severity.error),
            ("Created", "Error while creating entity for deploying Vm.", .created, .failure, .error),
            ("Pondering", "whatever", nil, nil, nil),
        ] as [(String, String, Phase?, Outcome?, Severity?)]
    )
    func `status and description tell phase and outcome`(
        status: String,
        description: String,
        phase: Phase?,
        outcome: Outcome?,
        severity: Severity?
    ) throws {
        let event = try decode(machineAction(["status": status, "description": description]))
        #expect(event.fields.phase == phase)
        #expect(event.fields.outcome == outcome)
        #expect(event.fields.severity == severity)
    }

    @Test func `an account that is made owns itself, whoever made it`() throws {
        let body = """
            {"Role":"\(ID.zone)","Account":"\(ID.account)","eventDateTime":"2017-07-23 14:09:08 +0700",\
            "entityuuid":"\(ID.account)","description":"Successfully completed creating Account. Account Name: null, \
            Domain Id:1","event":"ACCOUNT.CREATE","Domain":"\(ID.domain)","user":"\(ID.user)","account":"\(ID.caller)",\
            "entity":"com.cloud.user.Account","status":"Completed"}
            """
        let event = try decode(body)
        #expect(event.type == "org.apache.cloudstack.ACCOUNT.CREATE")
        #expect(event.topic.text == "management-server.ActionEvent.ACCOUNT-CREATE.Account.\(ID.account)")
        #expect(event.resource == ResourceReference(type: "Account", id: ID.account))
        #expect(event.fields.tenantID == ID.account)
        #expect(event.fields.domainID == ID.domain)
        #expect(event.fields.actorID == ID.user)
        #expect(event.fields.phase == .completed)
        #expect(event.fields.outcome == .success)
        #expect(event.time?.description == "2017-07-23T07:09:08Z")
        #expect(text(event.payload.original) == body)
    }

    @Test(arguments: [(ID.account, ID.account), ("", ID.caller)])
    func `a user belongs to the touched account where it is named, else to the calling one`(
        touched: String,
        tenant: String
    ) throws {
        let event = try decode(
            machineAction([
                "event": "USER.CREATE", "entity": "com.cloud.user.User", "entityuuid": ID.user, "Account": touched,
            ])
        )
        #expect(event.resource == ResourceReference(type: "User", id: ID.user))
        #expect(event.fields.tenantID == tenant)
    }

    @Test func `the touched account of another resource is not its owner`() throws {
        #expect(try decode(machineAction(["Account": ID.account])).fields.tenantID == ID.caller)
    }

    @Test func `a project owns what happens in it`() throws {
        #expect(try decode(machineAction(["project": ID.project])).fields.tenantID == ID.project)
    }

    @Test(arguments: [
        ("com.cloud.vm.VirtualMachine", "VirtualMachine"), ("com.cloud.vm.VMInstanceVO", "VirtualMachine"),
        ("UserVmVO", "VirtualMachine"), ("com.cloud.user.Account", "Account"), ("com.cloud.user.UserVO", "User"),
        ("interface com.cloud.storage.Volume", "Volume"), ("com.cloud.template.VirtualMachineTemplate", "Template"),
        ("com.cloud.storage.VMTemplateVO", "Template"), ("com.cloud.dc.DataCenter", "Zone"),
        ("com.cloud.network.dao.NetworkVO", "Network"), ("DomainRouter", "VirtualRouter"), ("GuestOs", "GuestOS"),
        ("org.example.plugin.Gizmo", "Gizmo"), ("org.example.plugin.GizmoVO", "Gizmo"), ("Thing", "Thing"),
        ("org.example.Outer$Inner", "Inner"),
    ])
    func `class names become simple names`(entity: String, type: String) throws {
        #expect(try decode(machineAction(["entity": entity])).resource?.type == type)
    }

    @Test func `an ISO that the classes call a template stays an ISO`() throws {
        let entity = "com.cloud.template.VirtualMachineTemplate"
        #expect(try decode(machineAction(["event": "ISO.CREATE", "entity": entity])).resource?.type == "Iso")
        #expect(try decode(machineAction(["event": "TEMPLATE.CREATE", "entity": entity])).resource?.type == "Template")
    }

    @Test func `a missing entity is found by the catalogue and the member of its class`() throws {
        let body = machineAction(["entity": "", "entityuuid": "", "VirtualMachine": ID.machine])
        #expect(try decode(body).resource == ResourceReference(type: "VirtualMachine", id: ID.machine))
        let zone = machineAction(["event": "ZONE.EDIT", "entity": "", "entityuuid": "", "DataCenter": ID.zone])
        #expect(try decode(zone).resource == ResourceReference(type: "Zone", id: ID.zone))
    }

    @Test func `without any id there is no resource, and its word is a star`() throws {
        let event = try decode(machineAction(["entityuuid": ""]))
        #expect(event.resource == nil)
        #expect(event.partitionKey == nil)
        #expect(event.topic.text == "management-server.ActionEvent.VM-START.VirtualMachine.*")
    }

    @Test func `an id that only the routing key has is taken from there`() throws {
        let event = try decode(
            machineAction(["entity": "", "entityuuid": ""]),
            key: "management-server.ActionEvent.VM-START.VirtualMachine.\(ID.machine)"
        )
        #expect(event.resource == ResourceReference(type: "VirtualMachine", id: ID.machine))
    }

    @Test func `an id as a number is read as it is written`() throws {
        let body =
            #"{"event":"VM.STOP","status":"Started","user":"2","account":2,"entity":"VirtualMachine","entityuuid":42}"#
        let event = try decode(body)
        #expect(event.resource == ResourceReference(type: "VirtualMachine", id: "42"))
        #expect(event.fields.tenantID == "2")
        #expect(event.time == nil)
    }

    @Test func `an event type with hyphens in the routing key is named by its body`() throws {
        let key = "management-server.ActionEvent.PLUGIN-MADE-UP.VirtualMachine.\(ID.machine)"
        #expect(
            try decode(machineAction(["event": "PLUGIN.MADE-UP"]), key: key).type
                == "org.apache.cloudstack.PLUGIN.MADE-UP"
        )
        #expect(try decode(machineAction(["event": ""]), key: key).type == "org.apache.cloudstack.PLUGIN-MADE-UP")
    }

    @Test func `a known event type is named by the routing key as well`() throws {
        let key = "management-server.ActionEvent.VM-DYNAMIC-SCALE.VirtualMachine.\(ID.machine)"
        #expect(try decode(machineAction(["event": ""]), key: key).type == "org.apache.cloudstack.VM.DYNAMIC.SCALE")
    }

    @Test func `the Contrail plug-in's action is an action`() throws {
        let body = #"{"details":"Error while starting Vm","event":"VM.START","status":"Completed"}"#
        for key in [nil, "management-server.ActionEvent.VM-START.VirtualMachine.*"] {
            let event = try decode(body, key: key)
            #expect(event.category == .action)
            #expect(event.type == "org.apache.cloudstack.VM.START")
            #expect(event.topic.text == "management-server.ActionEvent.VM-START.VirtualMachine.*")
            #expect(event.resource == nil)
            #expect(event.fields.phase == .completed)
            #expect(event.fields.outcome == .failure)
            #expect(event.time == nil)
        }
    }

    @Test func `a row of listEvents is an action with the row's id`() throws {
        let body = """
            {"id":"08192a3b-4c5d-4e6f-b708-192a3b4c5d0b","username":"admin","type":"VM.START","level":"INFO",\
            "description":"Successfully completed starting Vm.","account":"admin","domainid":"\(ID.domain)",\
            "resourceid":"\(ID.machine)","resourcetype":"VirtualMachine","resourcename":"vm03",\
            "created":"2026-01-30T11:38:35+0000","state":"Completed","archived":false}
            """
        let event = try decode(body)
        #expect(event.id == "08192a3b-4c5d-4e6f-b708-192a3b4c5d0b")
        #expect(event.category == .action)
        #expect(event.type == "org.apache.cloudstack.VM.START")
        #expect(event.topic.text == "management-server.ActionEvent.VM-START.VirtualMachine.\(ID.machine)")
        #expect(event.resource == ResourceReference(type: "VirtualMachine", id: ID.machine))
        #expect(event.time?.description == "2026-01-30T11:38:35Z")
        #expect(event.fields.phase == .completed)
        #expect(event.fields.outcome == .success)
        #expect(event.fields.tenantID == nil)
        #expect(event.fields.domainID == ID.domain)
        let failed = try decode(body.replacing("\"INFO\"", with: "\"ERROR\""))
        #expect(failed.fields.outcome == .failure)
        #expect(failed.fields.severity == .error)
    }
}
