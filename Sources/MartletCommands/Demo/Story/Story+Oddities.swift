import MartletJSON

/// What a bus brings that no tidy story has.
extension Story {
    /// The three events of CloudStack's documentation on its event bus, which came over Kafka.
    mutating func tellDocumentation() {
        for text in Self.documented { publish(nil, Array(text.utf8)) }
    }

    /// The management server starts: no body at all.
    mutating func boot() { publish("server.NONE.starting.server.NONE", Array("null".utf8)) }

    /// The broker is away while a machine is stopped and started again: the next message says that it goes from stopped to
    /// starting, where it was running the last time anybody heard.
    mutating func lose(_ machine: DemoMachine, by caller: DemoCaller) {
        isLosing = true
        stop(machine, by: caller)
        pass(20...40)
        announce("VirtualMachine", machine.id, from: "Stopped", "StartRequested", to: "Starting")
        isLosing = false
        pass(1...2)
        confirm("VirtualMachine", machine.id, from: "Stopped", "StartRequested", to: "Starting")
        machine.state = "Starting"
        pass(5...15)
        run(machine, "OperationSucceeded", to: "Running")
        use("VM.START", machine)
        act(
            "VM.START",
            .completed,
            "Successfully completed starting Vm. Vm Id: \(machine.id)",
            on: DemoEntity(type: "VirtualMachine", id: machine.id),
            by: caller
        )
    }

    /// Two messages that a bridge from Kafka hands over without their keys; the second one was cut off on the way.
    mutating func cutOff() {
        let subject = "System Alert: Secondary storage is almost full in zone \(zone.name)"
        let body = alertBody("ALERT.STORAGE.SECONDARY", subject, "Used 91 % of 20 TiB")
        publish(nil, body)
        publish(nil, Array(body.prefix(body.count * 2 / 3)))
    }

    /// A plug-in's event type and entity, in no catalogue.
    mutating func actThroughPlugin(by caller: DemoCaller) {
        let cartridge = DemoEntity(type: "TapeCartridge", id: random.uuid())
        for status in [ActionStatus.started, .completed] {
            let done = status == .completed ? "Successfully completed exporting" : "Exporting"
            act("TAPE.CARTRIDGE.EXPORT", status, "\(done) backup to cartridge LTO-0042", on: cartridge, by: caller)
            pass(60...90)
        }
    }

    private static let documented = [
        #"{"Role":"e767a39b-6b93-11e7-81e3-06565200012c","Account":"54d5f55c-5311-48db-bbb8-c44c5175cb2a","eventDateTime":"2017-07-23 14:09:08 +0700","entityuuid":"54d5f55c-5311-48db-bbb8-c44c5175cb2a","description":"Successfully completed creating Account. Account Name: null, Domain Id:1","event":"ACCOUNT.CREATE","Domain":"8a90b067-6b93-11e7-81e3-06565200012c","user":"f484a624-6b93-11e7-81e3-06565200012c","account":"f4849ae2-6b93-11e7-81e3-06565200012c","entity":"com.cloud.user.Account","status":"Completed"}"#,
        #"{"Role":"e767a39b-6b93-11e7-81e3-06565200012c","Account":"54d5f55c-5311-48db-bbb8-c44c5175cb2a","eventDateTime":"2017-07-23 14:09:08 +0700","entityuuid":"4de64270-7bd7-4932-811a-c7ca7916cd2d","description":"Successfully completed creating User. Account Name: null, DomainId:1","event":"USER.CREATE","Domain":"8a90b067-6b93-11e7-81e3-06565200012c","user":"f484a624-6b93-11e7-81e3-06565200012c","account":"f4849ae2-6b93-11e7-81e3-06565200012c","entity":"com.cloud.user.User","status":"Completed"}"#,
        #"{"eventDateTime":"2017-07-23 14:14:13 +0700","entityuuid":"0f8ffffa-ae04-4d03-902a-d80ef0223b7b","description":"Successfully completed creating User. UserName: test2, FirstName :test2, LastName: test2","event":"USER.CREATE","Domain":"8a90b067-6b93-11e7-81e3-06565200012c","user":"f484a624-6b93-11e7-81e3-06565200012c","account":"f4849ae2-6b93-11e7-81e3-06565200012c","entity":"com.cloud.user.User","status":"Completed"}"#,
    ]
}
