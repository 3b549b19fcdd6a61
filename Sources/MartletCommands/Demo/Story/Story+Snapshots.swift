/// Snapshots of disks.
extension Story {
    /// Copies a disk, first on the primary storage, then to the secondary.
    mutating func snapshot(_ volume: DemoVolume, by caller: DemoCaller) -> DemoSnapshot {
        let number = Int.random(in: 100...999, using: &random)
        let snapshot = DemoSnapshot(id: random.uuid(), name: "\(volume.name)-\(number)", volume: volume)
        let call = DemoCall(
            event: "SNAPSHOT.CREATE",
            command: "user.snapshot.CreateSnapshotCmd",
            description: "creating snapshot for volume: \(volume.id)",
            entity: entity(of: snapshot),
            caller: caller,
            isCreation: true,
            context: [DemoEntity(type: "Volume", id: volume.id)]
        )
        perform(call) { story in
            story.change(volume, "SnapshotRequested", to: "Snapshotting")
            story.change(snapshot, "CreateRequested", to: "Creating")
            story.pass(2...6)
            story.change(snapshot, "OperationSucceeded", to: "CreatedOnPrimary")
            story.change(volume, "OperationSucceeded", to: "Ready")
            story.change(snapshot, "BackupToSecondary", to: "BackingUp")
            story.pass(10...30)
            story.change(snapshot, "OperationSucceeded", to: "BackedUp")
            story.use("SNAPSHOT.CREATE", "com.cloud.storage.Snapshot", snapshot.id, owner: volume.owner)
            return .success(story.answer(snapshot))
        }
        return snapshot
    }

    mutating func delete(_ snapshot: DemoSnapshot, by caller: DemoCaller) {
        let call = DemoCall(
            event: "SNAPSHOT.DELETE",
            command: "user.snapshot.DeleteSnapshotCmd",
            description: "deleting snapshot: \(snapshot.id)",
            entity: entity(of: snapshot),
            caller: caller
        )
        perform(call) { story in
            story.change(snapshot, "DestroyRequested", to: "Destroying")
            story.pass(1...5)
            story.change(snapshot, "OperationSucceeded", to: "Destroyed")
            story.use("SNAPSHOT.DELETE", "com.cloud.storage.Snapshot", snapshot.id, owner: snapshot.volume.owner)
            return .success(Story.plainSuccess)
        }
    }

    private mutating func change(_ snapshot: DemoSnapshot, _ event: String, to state: String) {
        transition("Snapshot", snapshot.id, from: snapshot.state, event, to: state)
        snapshot.state = state
    }

    private func entity(of snapshot: DemoSnapshot) -> DemoEntity { DemoEntity(type: "Snapshot", id: snapshot.id) }
}
