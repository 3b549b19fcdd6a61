/// What befalls hosts.
extension Story {
    /// Clears a host for work on it, and takes it back.
    ///
    /// - Parameter minutes: how long the work takes.
    mutating func maintain(_ host: DemoZone.Host, at hour: Int) {
        let entity = DemoEntity(type: "Host", id: host.id)
        at(hour, 0)
        act(
            "MAINT.PREPARE",
            .completed,
            "Successfully completed preparing maintenance for host: \(host.name)",
            on: entity,
            by: zone.root
        )
        for machine in running(on: host) {
            pass(2...5)
            migrate(machine, to: anotherHost(than: host))
        }
        at(hour, 40)
        act(
            "MAINT.CANCEL",
            .completed,
            "Successfully completed cancelling maintenance for host: \(host.name)",
            on: entity,
            by: zone.root
        )
    }

    /// A host dies: an alert, and the same again, as CloudStack sends what matters; then its machines start elsewhere, one
    /// of them at the second attempt only.
    mutating func fail(_ host: DemoZone.Host) {
        let subject = "Host is down, name: \(host.name) (id:\(host.id)), availability zone: \(zone.name), pod: pod-1"
        let text = "Host [\(host.name)] is down. We will start HA on the VMs"
        alert("ALERT.COMPUTE.HOST", subject, text)
        pass(20...40)
        alert("ALERT.COMPUTE.HOST", subject, text)
        let machines = running(on: host)
        for machine in machines {
            pass(1...3)
            run(machine, "AgentReportStopped", to: "Stopped")
            use("VM.STOP", machine)
            use("NETWORK.OFFERING.REMOVE", machine)
        }
        for (index, machine) in machines.enumerated() {
            pass(4...12)
            machine.host = anotherHost(than: host)
            if index == 0 {
                restart(machine, isSuccess: false)
                alert(
                    "ALERT.USERVM",
                    "Unable to restart \(machine.name) which was running on host \(host.name)",
                    "Insufficient capacity to restart VM, name: \(machine.name), id: \(machine.id)"
                )
                pass(50...70)
            }
            restart(machine, isSuccess: true)
        }
    }

    /// High availability starts a machine without a job.
    private mutating func restart(_ machine: DemoMachine, isSuccess: Bool) {
        let entity = DemoEntity(type: "VirtualMachine", id: machine.id)
        act("VM.START", .started, "Starting Vm. Vm Id: \(machine.id)", on: entity, by: zone.system)
        run(machine, "StartRequested", to: "Starting")
        pass(5...15)
        if isSuccess {
            run(machine, "OperationSucceeded", to: "Running")
            use("VM.START", machine)
            use("NETWORK.OFFERING.ASSIGN", machine)
        } else {
            run(machine, "OperationFailed", to: "Stopped")
        }
        let ending = isSuccess ? "Successfully completed starting Vm" : "Error while starting Vm"
        act("VM.START", .completed, "\(ending). Vm Id: \(machine.id)", on: entity, by: zone.system)
    }

    func running(on host: DemoZone.Host) -> [DemoMachine] {
        tenants.flatMap(\.machines).filter { $0.state == "Running" && $0.host == host }
    }

    private mutating func anotherHost(than host: DemoZone.Host) -> DemoZone.Host {
        let others = zone.hosts.filter { $0 != host }
        return others.randomElement(using: &random) ?? host
    }
}
