/// The day from midnight to midnight.
extension Story {
    mutating func tell() {
        at(0, 0)
        tellDocumentation()
        at(0, 0, second: 5)
        boot()
        moveIn()
        let snapshots = runNightly(at: 4)
        work()
        sufferAccidents()
        cleanUp(snapshots)
    }

    /// 0:10 to 3:00. Tenants get their domains and networks, and deploy their machines side by side.
    private mutating func moveIn() {
        for (index, tenant) in tenants.enumerated() {
            at(0, 10 + 3 * index)
            welcome(tenant)
            at(0, 30 + 2 * index)
            logIn(tenant.admin)
            pass(10...30)
            create(tenant.network, of: tenant)
        }
        for (index, name) in ["web01", "web02", "db01", "cache01", "build01", "queue01"].enumerated() {
            for (number, tenant) in tenants.enumerated() {
                at(1 + index / 3, 20 * (index % 3), second: 20 * number)
                deploy("\(tenant.name)-\(name)", for: tenant)
            }
        }
    }

    /// The schedule copies the disks of the databases.
    private mutating func runNightly(at hour: Int) -> [DemoSnapshot] {
        var snapshots: [DemoSnapshot] = []
        for (index, machine) in tenants.map({ $0.machines[2] }).enumerated() {
            at(hour, 3 * index)
            snapshots.append(snapshot(machine.root, by: zone.system))
        }
        return snapshots
    }

    /// 8:00 to 13:00. People come, machines are stopped and started, disks are added.
    private mutating func work() {
        for (index, tenant) in tenants.enumerated() {
            at(8, 5 * index, second: 30)
            logIn(tenant.operations)
            at(8, 30 + 5 * index)
            reboot(tenant.machines[1], by: tenant.operations)
            at(9, 2 * index)
            stop(tenant.machines[4], by: tenant.operations)
            at(9, 30 + 2 * index)
            start(tenant.machines[4], by: tenant.operations)
            at(10, 4 * index)
            let volume = createVolume("\(tenant.name)-data", gigabytes: 50, for: tenant)
            at(10, 20 + 4 * index)
            attach(volume, to: tenant.machines[2], by: tenant.operations)
            at(10, 40 + 4 * index)
            resize(volume, to: 100, by: tenant.operations)
        }
        maintain(zone.hosts[2], at: 11)
        let (acme, globex) = (tenants[0], tenants[1])
        at(12, 10)
        let scratch = createVolume("globex-scratch", gigabytes: 10, for: globex)
        at(12, 15)
        attach(scratch, to: globex.machines[4], by: globex.operations)
        at(12, 30)
        detach(scratch, by: globex.operations)
        at(12, 35)
        delete(scratch, by: globex.operations)
        at(12, 45)
        stop(acme.machines[5], by: acme.admin)
        at(12, 50)
        start(acme.machines[5], by: acme.admin, sessionKey: random.uuid())
    }

    /// 13:10 to 18:00. Whatever can go wrong.
    private mutating func sufferAccidents() {
        at(13, 10)
        lose(tenants[2].machines[0], by: tenants[2].operations)
        at(14, 20)
        fail(zone.hosts[0])
        at(15, 30)
        actThroughContrail("VM.START", details: "Vm Id: \(tenants[3].machines[3].id)", on: "VirtualMachine")
        at(16, 0)
        actThroughPlugin(by: zone.root)
        at(16, 30)
        cutOff()
        at(17, 0)
        alert(
            "ALERT.MEMORY",
            "System Alert: Low Available Memory in cluster c1 pod pod-1 of availability zone \(zone.name)",
            "System memory is low, total: 512 GiB, used: 471 GiB, used%: 92"
        )
        at(17, 5)
        deployInVain("hooli-analytics01", for: tenants[3])
    }

    /// 18:00 to midnight. What is not needed goes; one machine is taken back; a tenant leaves its network.
    private mutating func cleanUp(_ snapshots: [DemoSnapshot]) {
        for (index, tenant) in tenants.enumerated() {
            at(18, 10 + 3 * index)
            stop(tenant.machines[4], by: tenant.operations)
            at(18, 40 + 3 * index)
            logOut(tenant.operations)
        }
        let (acme, globex, initech) = (tenants[0], tenants[1], tenants[2])
        at(19, 30)
        destroy(acme.machines[3], by: acme.admin)
        at(19, 40)
        recover(acme.machines[3], by: acme.admin)
        at(19, 50)
        start(acme.machines[3], by: acme.admin)
        at(20, 10)
        destroy(globex.machines[4], by: globex.admin)
        at(20, 30)
        expunge(globex.machines[4])
        for (index, snapshot) in snapshots.prefix(2).enumerated() {
            at(21, 5 * index)
            delete(snapshot, by: zone.system)
        }
        for (index, machine) in initech.machines.filter({ $0.state == "Running" }).enumerated() {
            at(22, 3 * index)
            stop(machine, by: initech.admin)
        }
        at(22, 40)
        shutDown(initech.network)
        _ = runNightly(at: 23)
    }
}
