/// The life of virtual machines.
extension Story {
    /// Deploys a machine for a tenant; its network comes up with the first one.
    mutating func deploy(_ name: String, for tenant: DemoTenant) {
        let machine = makeMachine(name, for: tenant, offering: zone.offerings.randomElement(using: &random))
        tenant.machines.append(machine)
        let caller = tenant.someone(&random)
        perform(deployment(of: machine, by: caller)) { story in
            if !tenant.network.isImplemented { story.implement(tenant.network) }
            story.use("VM.CREATE", machine)
            story.use("NETWORK.OFFERING.ASSIGN", machine)
            story.run(machine, "StartRequested", to: "Starting")
            story.pass(1...3)
            story.make(machine.root)
            story.pass(6...20)
            story.run(machine, "OperationSucceeded", to: "Running")
            story.use("VM.START", machine)
            return .success(story.answer(machine))
        }
    }

    /// A deployment that no host has room for.
    mutating func deployInVain(_ name: String, for tenant: DemoTenant) {
        let machine = makeMachine(name, for: tenant, offering: zone.hugeOffering)
        perform(deployment(of: machine, by: tenant.operations)) { story in
            story.use("VM.CREATE", machine)
            story.run(machine, "StartRequested", to: "Starting")
            story.pass(1...3)
            story.run(machine, "OperationFailed", to: "Stopped")
            story.run(machine, "OperationFailedToError", to: "Error")
            story.use("VM.DESTROY", machine)
            return .failure(
                code: 533,
                text:
                    "Unable to create a deployment for VM instance \(name): insufficient capacity in zone \(story.zone.name)"
            )
        }
    }

    mutating func start(_ machine: DemoMachine, by caller: DemoCaller, sessionKey: String? = nil) {
        var call = call("VM.START", "user.vm.StartVMCmd", "starting Vm.", machine, caller)
        call.sessionKey = sessionKey
        perform(call) { story in
            story.run(machine, "StartRequested", to: "Starting")
            story.pass(5...15)
            story.run(machine, "OperationSucceeded", to: "Running")
            story.use("VM.START", machine)
            story.use("NETWORK.OFFERING.ASSIGN", machine)
            return .success(story.answer(machine))
        }
    }

    mutating func stop(_ machine: DemoMachine, by caller: DemoCaller) {
        perform(call("VM.STOP", "user.vm.StopVMCmd", "stopping Vm.", machine, caller)) { story in
            story.halt(machine)
            return .success(story.answer(machine))
        }
    }

    /// CloudStack has no state for a machine that reboots.
    mutating func reboot(_ machine: DemoMachine, by caller: DemoCaller) {
        perform(call("VM.REBOOT", "user.vm.RebootVMCmd", "rebooting Vm.", machine, caller)) { story in
            story.pass(10...25)
            return .success(story.answer(machine))
        }
    }

    /// Moves a running machine to another host.
    mutating func migrate(_ machine: DemoMachine, to host: DemoZone.Host) {
        let call = call("VM.MIGRATE", "admin.vm.MigrateVMCmd", "migrating VM to host \(host.name).", machine, zone.root)
        perform(call) { story in
            story.run(machine, "MigrationRequested", to: "Migrating")
            story.pass(5...20)
            machine.host = host
            story.run(machine, "OperationSucceeded", to: "Running")
            return .success(story.answer(machine))
        }
    }

    /// Destroys a machine, which can be taken back for a day.
    mutating func destroy(_ machine: DemoMachine, by caller: DemoCaller) {
        perform(call("VM.DESTROY", "user.vm.DestroyVMCmd", "destroying Vm.", machine, caller)) { story in
            if machine.state == "Running" { story.halt(machine) }
            story.run(machine, "DestroyRequested", to: "Destroyed")
            story.use("VM.DESTROY", machine)
            return .success(story.answer(machine))
        }
    }

    mutating func recover(_ machine: DemoMachine, by caller: DemoCaller) {
        run(machine, "RecoveryRequested", to: "Stopped")
        use("VM.CREATE", machine)
        act(
            "VM.RECOVER",
            .completed,
            "Successfully completed Recovering VM. Vm Id: \(machine.id)",
            on: DemoEntity(type: "VirtualMachine", id: machine.id),
            by: caller
        )
    }

    /// Ends a destroyed machine, and its disk.
    mutating func expunge(_ machine: DemoMachine) {
        perform(call("VM.EXPUNGE", "admin.vm.ExpungeVMCmd", "expunging Vm.", machine, zone.root)) { story in
            story.run(machine, "ExpungeOperation", to: "Expunging")
            story.pass(2...6)
            story.change(machine.root, "DestroyRequested", to: "Destroy")
            story.expunge(machine.root)
            return .success(Story.plainSuccess)
        }
        machine.tenant.machines.removeAll { $0 === machine }
    }

    /// A transition of a machine, both messages.
    mutating func run(_ machine: DemoMachine, _ event: String, to state: String) {
        transition("VirtualMachine", machine.id, from: machine.state, event, to: state, taking: 0...1)
        machine.state = state
    }

    private mutating func halt(_ machine: DemoMachine) {
        run(machine, "StopRequested", to: "Stopping")
        pass(4...15)
        run(machine, "OperationSucceeded", to: "Stopped")
        use("VM.STOP", machine)
        use("NETWORK.OFFERING.REMOVE", machine)
    }

    private mutating func makeMachine(
        _ name: String,
        for tenant: DemoTenant,
        offering: DemoZone.Offering?
    ) -> DemoMachine {
        DemoMachine(
            name: name,
            tenant: tenant,
            template: zone.templates.randomElement(using: &random) ?? zone.templates[0],
            offering: offering ?? zone.offerings[0],
            host: anyHost(),
            random: &random
        )
    }

    private mutating func anyHost() -> DemoZone.Host { zone.hosts.randomElement(using: &random) ?? zone.hosts[0] }

    private func deployment(of machine: DemoMachine, by caller: DemoCaller) -> DemoCall {
        var call = call("VM.CREATE", "user.vm.DeployVMCmd", "deploying Vm.", machine, caller)
        call.isCreation = true
        call.context = [
            DemoEntity(type: "VirtualMachineTemplate", id: machine.template.id),
            DemoEntity(type: "ServiceOffering", id: machine.offering.id), DemoEntity(type: "DataCenter", id: zone.id),
        ]
        return call
    }

    private func call(
        _ event: String,
        _ command: String,
        _ description: String,
        _ machine: DemoMachine,
        _ caller: DemoCaller
    ) -> DemoCall {
        DemoCall(
            event: event,
            command: command,
            description: "\(description) Vm Id: \(machine.id)",
            entity: DemoEntity(type: "VirtualMachine", id: machine.id),
            caller: caller
        )
    }
}
