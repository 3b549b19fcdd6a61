import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

@testable import MartletStore

/// Syncs over a real store.
@Suite(.timeLimit(.minutes(3))) struct SyncRunTests {
    private func withRig(
        _ cloud: ListedCloud,
        _ body: @escaping @Sendable (SyncRig) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { try await SyncRig.run(at: $0 + "/data", cloud, body) }
    }

    @Test
    func `the first sync fills the index in silence, the second tells what changed, what is new and what has gone`()
        async throws
    {
        try await withRig(ListedCloud(machines: 5)) { rig in
            rig.cloud.set("v-1", type: "Volume") { $0.state = "available" }
            try await rig.event("vm-1", state: "building")
            let first = try await rig.sync()
            #expect(first.state == .finished && first.types.allSatisfy { $0.isFirst && $0.state == .complete })
            #expect(first.total.read == 6 && first.total.created == 5 && first.total.changed == 1)
            #expect(first.events == 0)
            #expect(try await rig.store.head().rawValue == 1)
            #expect(try await rig.record("vm-1")?.state == "active")
            #expect(try await rig.record("v-1", type: "Volume")?.state == "available")

            let idle = try await rig.sync()
            #expect(idle.total.unchanged == 6 && idle.events == 0 && idle.types.allSatisfy { !$0.isFirst })

            rig.cloud.set("vm-2") { $0.state = "stopped" }
            rig.cloud.set("vm-9") { $0.state = "active" }
            rig.cloud.remove("vm-3")
            rig.cloud.remove("v-1", type: "Volume")
            let second = try await rig.sync()
            #expect(second.total.changed == 1 && second.total.created == 1 && second.total.deleted == 2)
            #expect(second.events == 4)
            #expect(
                try await rig.topics(after: 1) == [
                    "openstack.ResourceStateEvent.SYNC-CHANGE.VirtualMachine.vm-2",
                    "openstack.ResourceStateEvent.SYNC-CREATE.VirtualMachine.vm-9",
                    "openstack.ResourceStateEvent.SYNC-DELETE.VirtualMachine.vm-3",
                    "openstack.ResourceStateEvent.SYNC-DELETE.Volume.v-1",
                ]
            )
            #expect(try await rig.record("vm-3")?.deleted != nil)
            // Each of those that are missing was asked for by itself.
            #expect(rig.cloud.questions.contains(.resource(ResourceReference(type: "Volume", id: "v-1"))))
            #expect(try await rig.sync().total.unchanged == 5)
        }
    }

    @Test func `what an event says while the sync is on its way counts`() async throws {
        let rigs = Mutex<SyncRig?>(nil)
        let cloud = ListedCloud(machines: 5) { question in
            guard let rig = rigs.withLock({ $0 }) else { return }
            switch question {
            // The page that is about to be answered has vm-3 and vm-4.
            case .page("VirtualMachine", 2):
                try await rig.event("vm-3", state: "paused")
                // One that comes into being behind the listing's back, and one that is revived while it is asked for.
                try await rig.event("vm-0", state: "building")
            case .resource(let resource) where resource.id == "vm-8": try await rig.event("vm-8", state: "building")
            default: break
            }
        }
        try await withRig(cloud) { rig in
            rig.cloud.set("vm-8") { $0.state = "active" }
            _ = try await rig.sync()
            rig.cloud.remove("vm-8")
            for id in ["vm-3", "vm-4"] { rig.cloud.set(id) { $0.state = "stopped" } }
            rigs.withLock { $0 = rig }
            let status = try await rig.sync()
            rigs.withLock { $0 = nil }
            #expect(status.total.newer == 2 && status.total.changed == 1 && status.total.deleted == 0)
            #expect(try await rig.record("vm-3")?.state == "paused")
            #expect(try await rig.record("vm-4")?.state == "stopped")
            let machines = try await ["vm-0", "vm-8"].asyncMap { try await rig.record($0) }
            #expect(machines.allSatisfy { $0?.deleted == nil && $0?.state == "building" })
        }
    }

    @Test func `a type that cannot be listed to its end deletes nothing, and the next one goes on`() async throws {
        let isBroken = Mutex(false)
        let cloud = ListedCloud(machines: 5) { question in
            guard isBroken.withLock({ $0 }), case .page("VirtualMachine", let number) = question, number > 1 else {
                return
            }
            throw InventoryRefusal("The policy does not allow it.")
        }
        try await withRig(cloud) { rig in
            rig.cloud.set("v-1", type: "Volume")
            _ = try await rig.sync()
            rig.cloud.remove("vm-1")
            rig.cloud.remove("v-1", type: "Volume")
            isBroken.withLock { $0 = true }
            let status = try await rig.sync()
            #expect(status.state == .finished)
            #expect(status.types.map(\.state) == [.refused, .complete])
            #expect(status.types.first?.reason == "The policy does not allow it.")
            #expect(status.total.deleted == 1)
            #expect(try await rig.record("vm-1")?.deleted == nil)
            #expect(try await rig.record("v-1", type: "Volume")?.deleted != nil)
        }
    }

    @Test func `a type that failed the first time is first the next time`() async throws {
        let isBroken = Mutex(true)
        let cloud = ListedCloud(machines: 3) { question in
            if isBroken.withLock({ $0 }), case .page("Volume", _) = question { throw InventoryRefusal("Not now.") }
        }
        try await withRig(cloud) { rig in
            rig.cloud.set("v-1", type: "Volume")
            #expect(try await rig.sync().types.map(\.state) == [.complete, .refused])
            isBroken.withLock { $0 = false }
            rig.cloud.set("vm-4")
            let second = try await rig.sync()
            #expect(second.types.map(\.isFirst) == [false, true])
            #expect(second.total.created == 2 && second.events == 1)
            #expect(try await rig.sync().types.map(\.isFirst) == [false, false])
        }
    }

    @Test func `of a cloud that shows a part what has changed is told, and what is new only where all of it is known`()
        async throws
    {
        let isPartial = Mutex(true)
        let cloud = ListedCloud(machines: 3) { question in
            guard isPartial.withLock({ $0 }), case .page("VirtualMachine", 3) = question else { return }
            throw InventoryRefusal("Who knows whether that is all?", isBehindAll: true)
        }
        try await withRig(cloud) { rig in
            let first = try await rig.sync()
            #expect(first.types.map(\.isFirst) == [true, true] && first.events == 0)
            rig.cloud.set("vm-1") { $0.state = "stopped" }
            rig.cloud.remove("vm-2")
            rig.cloud.set("vm-4")
            let second = try await rig.sync()
            #expect(second.types.map(\.isFirst) == [false, false])
            #expect(second.types.map(\.state) == [.refused, .complete])
            #expect(second.total.changed == 1 && second.total.created == 1 && second.events == 1)
            #expect(try await rig.topics() == ["openstack.ResourceStateEvent.SYNC-CHANGE.VirtualMachine.vm-1"])
            #expect(try await rig.record("vm-4") != nil)
            #expect(try await rig.record("vm-2")?.deleted == nil)

            // Now that it shows everything, much is new that was there all the time.
            isPartial.withLock { $0 = false }
            rig.cloud.set("vm-5")
            let third = try await rig.sync()
            #expect(third.types.map(\.state) == [.complete, .complete])
            #expect(third.total.created == 1 && third.total.deleted == 1 && third.events == 0)
            rig.cloud.set("vm-6")
            rig.cloud.remove("vm-5")
            #expect(try await rig.sync().events == 2)
        }
    }

    @Test func `what is missing and not gone is not deleted, nor when the cloud does not say`() async throws {
        let isSilent = Mutex(false)
        let cloud = ListedCloud(machines: 12) { question in
            if isSilent.withLock({ $0 }), case .resource = question { throw InventoryRefusal("Not yours.") }
        }
        try await withRig(cloud) { rig in
            _ = try await rig.sync()
            rig.cloud.hide("vm-1")
            let status = try await rig.sync()
            #expect(status.total.deleted == 0 && status.total.unchanged == 12)
            isSilent.withLock { $0 = true }
            // More than are asked for at once: the first refusals tell for all.
            for number in 1...10 { rig.cloud.hide("vm-\(number)") }
            let asked = rig.cloud.questions.count
            let second = try await rig.sync()
            #expect(second.total.deleted == 0 && second.total.unconfirmed == 10 && second.state == .finished)
            #expect(rig.cloud.questions.dropFirst(asked).count { if case .resource = $0 { true } else { false } } == 4)
            #expect(try await rig.record("vm-1")?.deleted == nil)
        }
    }

    @Test func `where most of a type are missing, none is taken for deleted but on demand`() async throws {
        try await withRig(ListedCloud(machines: 30)) { rig in
            _ = try await rig.sync()
            for number in 1...25 { rig.cloud.remove("vm-\(number)") }
            let status = try await rig.sync()
            #expect(status.types.first?.state == .doubtful)
            #expect(status.total.deleted == 0 && status.total.unconfirmed == 25)
            #expect(status.types.first?.reason?.contains("--accept-deletions") == true)
            #expect(try await rig.sync { $0.acceptsDeletions = true }.total.deleted == 25)
        }
    }

    @Test func `a dry run tells the same, and writes nothing`() async throws {
        try await withRig(ListedCloud(machines: 3)) { rig in
            let first = try await rig.sync { $0.isDry = true }
            #expect(first.total.created == 3 && first.types.allSatisfy(\.isFirst))
            #expect(try await rig.record("vm-1") == nil)
            _ = try await rig.sync()
            rig.cloud.set("vm-1") { ($0.name, $0.state) = ("web", "stopped") }
            rig.cloud.remove("vm-2")
            let before = try await rig.record("vm-1")
            let dry = try await rig.sync { $0.isDry = true }
            #expect(dry.total.changed == 1 && dry.total.deleted == 1 && dry.events == 0)
            #expect(dry.differences.map(\.resource.id) == ["vm-1", "vm-2"])
            #expect(dry.differences.first?.differences["state"]?.to == "stopped")
            #expect(try await rig.store.head() == .zero)
            #expect(try await rig.record("vm-1") == before)
            #expect(try await rig.sync().events == 2)
        }
    }

    @Test func `only the types that were asked for are read`() async throws {
        try await withRig(ListedCloud(machines: 3)) { rig in
            rig.cloud.set("v-1", type: "Volume")
            let status = try await rig.sync { $0.types = ["Volume"] }
            #expect(status.types.map(\.type) == ["Volume"] && status.total.read == 1)
            #expect(try await rig.record("vm-1") == nil)
            // Of the other type nothing is taken for gone.
            rig.cloud.remove("v-1", type: "Volume")
            #expect(try await rig.sync { $0.types = ["VirtualMachine"] }.total.deleted == 0)
            #expect(try await rig.record("v-1", type: "Volume")?.deleted == nil)
        }
    }

    @Test func `a process that dies between two pages tells each difference once`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/data"
            let cloud = ListedCloud(machines: 6)
            try await SyncRig.run(at: path, cloud) { _ = try await $0.sync() }
            for number in 1...6 { cloud.set("vm-\(number)") { $0.state = "stopped" } }
            // The process ends while the second page is on its way.
            let (pages, page) = AsyncStream<Void>.makeStream()
            let dying = ListedCloud(machines: 6) { question in
                guard question == .page(type: "VirtualMachine", number: 2) else { return }
                page.yield()
                try await Task.sleep(for: .seconds(3_600))
            }
            for number in 1...6 { dying.set("vm-\(number)") { $0.state = "stopped" } }
            try await SyncRig.run(at: path, dying) { rig in
                _ = try rig.syncs.start(SyncRequest(kind: "openstack", rate: nil))
                for await _ in pages { break }
            }
            try await SyncRig.run(at: path, cloud) { rig in
                #expect(try await rig.topics().count == 2)
                #expect(rig.syncs.all.isEmpty)
                let status = try await rig.sync()
                #expect(status.events == 4 && status.total.unchanged == 2)
                let ids = try await rig.topics().compactMap { $0.split(separator: ".").last }
                #expect(ids == (1...6).map { "vm-\($0)" })
            }
        }
    }

    @Test func `an index that is made again from the log knows what the syncs told, and the store is whole`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            try await Self.syncs(at: directory + "/data")
            let report = try await StoreCheck.run(directory: directory + "/data")
            #expect(report.counts.isEmpty, "\(report.findings)")
        }
    }

    private static func syncs(at directory: String) async throws {
        try await SyncRig.run(at: directory, ListedCloud(machines: 2)) { rig in
            _ = try await rig.sync()
            rig.cloud.set("vm-1") { facts in
                (facts.state, facts.name, facts.domainID) = ("stopped", "web", "d1")
                facts.relate("host", "h1")
            }
            rig.cloud.set("vm-3") { $0.state = "active" }
            _ = try await rig.sync()
            rig.cloud.remove("vm-3")
            _ = try await rig.sync()
            let log = try await rig.store.page(after: .zero, limit: .max, maximumBytes: .max)
            #expect(log.count == 3)
            for (id, state, isDeleted) in [("vm-1", "stopped", false), ("vm-3", "active", true)] {
                let record = ResourceReplay().record(of: log.filter { $0.event.resource?.id == id })
                #expect(record?.state == state && (record?.deleted != nil) == isDeleted)
                #expect(try await rig.record(id)?.state == state)
            }
        }
    }
}

extension Sequence where Element: Sendable {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
