/// Disks.
extension Story {
    /// A data disk, which takes no room before a machine has it.
    mutating func createVolume(_ name: String, gigabytes: Int, for tenant: DemoTenant) -> DemoVolume {
        let volume = DemoVolume(
            id: random.uuid(),
            name: name,
            owner: tenant.admin,
            isRoot: false,
            gigabytes: gigabytes
        )
        var call = call(
            "VOLUME.CREATE",
            "user.volume.CreateVolumeCmd",
            "creating volume: \(name)",
            volume,
            tenant.operations
        )
        call.isCreation = true
        call.context = [DemoEntity(type: "DiskOffering", id: zone.diskOfferingID)]
        perform(call) { .success($0.answer(volume)) }
        return volume
    }

    mutating func attach(_ volume: DemoVolume, to machine: DemoMachine, by caller: DemoCaller) {
        let description = "attaching volume: \(volume.id) to vm: \(machine.id)"
        var call = call("VOLUME.ATTACH", "user.volume.AttachVolumeCmd", description, volume, caller)
        call.context = [DemoEntity(type: "VirtualMachine", id: machine.id)]
        perform(call) { story in
            if volume.state == "Allocated" { story.make(volume) }
            story.change(volume, "AttachRequested", to: "Attaching")
            story.pass(1...3)
            story.change(volume, "OperationSucceeded", to: "Ready")
            return .success(story.answer(volume, attachedTo: machine))
        }
    }

    mutating func detach(_ volume: DemoVolume, by caller: DemoCaller) {
        let description = "detaching volume: \(volume.id)"
        perform(call("VOLUME.DETACH", "user.volume.DetachVolumeCmd", description, volume, caller)) { story in
            story.pass(1...3)
            return .success(story.answer(volume))
        }
    }

    mutating func resize(_ volume: DemoVolume, to gigabytes: Int, by caller: DemoCaller) {
        let description = "Volume Id: \(volume.id) to size \(gigabytes)G"
        perform(call("VOLUME.RESIZE", "user.volume.ResizeVolumeCmd", description, volume, caller)) { story in
            story.change(volume, "ResizeRequested", to: "Resizing")
            story.pass(2...8)
            volume.gigabytes = gigabytes
            story.change(volume, "OperationSucceeded", to: "Ready")
            story.use("VOLUME.RESIZE", volume)
            return .success(story.answer(volume))
        }
    }

    mutating func delete(_ volume: DemoVolume, by caller: DemoCaller) {
        change(volume, "DestroyRequested", to: "Destroy")
        use("VOLUME.DELETE", volume)
        pass(1...3)
        expunge(volume)
        act(
            "VOLUME.DELETE",
            .completed,
            "Successfully completed deleting volume",
            on: entity(of: volume),
            by: caller
        )
    }

    /// Makes an allocated disk on the storage.
    mutating func make(_ volume: DemoVolume) {
        change(volume, "CreateRequested", to: "Creating")
        pass(1...4)
        change(volume, "OperationSucceeded", to: "Ready")
        use("VOLUME.CREATE", volume)
    }

    /// Takes a destroyed disk off the storage.
    mutating func expunge(_ volume: DemoVolume) {
        change(volume, "ExpungingRequested", to: "Expunging")
        pass(1...3)
        change(volume, "OperationSucceeded", to: "Expunged")
    }

    /// A transition of a disk, both messages.
    mutating func change(_ volume: DemoVolume, _ event: String, to state: String) {
        transition("Volume", volume.id, from: volume.state, event, to: state)
        volume.state = state
    }

    private func entity(of volume: DemoVolume) -> DemoEntity { DemoEntity(type: "Volume", id: volume.id) }

    private func call(
        _ event: String,
        _ command: String,
        _ description: String,
        _ volume: DemoVolume,
        _ caller: DemoCaller
    ) -> DemoCall {
        DemoCall(
            event: event,
            command: command,
            description: description,
            entity: entity(of: volume),
            caller: caller
        )
    }
}
