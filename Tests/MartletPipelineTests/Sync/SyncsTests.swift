import Logging
import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// The syncs of a server: begun, one a cloud, ended by whoever may, and patient with an origin that does not answer.
@Suite(.timeLimit(.minutes(3))) struct SyncsTests {
    private struct Rig: Sendable {
        let store = InMemoryEventStore()
        let time: ManualTime
        let enrichment: Enrichment
        let intake: Intake
        let syncs: Syncs

        init() {
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            time = ManualTime()
            enrichment = Enrichment(store: store, time: time, logger: logger)
            intake = Intake(
                store: store,
                dispatcher: Dispatcher(head: .zero),
                enrichment: enrichment,
                time: time,
                logger: logger
            )
            syncs = Syncs(store: store, intake: intake, time: time, logger: logger)
        }

        func configure(_ enrichers: (String, any Enricher)...) {
            enrichment.configure(
                enrichers.map { EnrichmentMember(name: $0.0, enricher: $0.1, policy: EnricherPolicy()) }
            )
        }

        func run(_ body: (Rig) async throws -> Void) async throws {
            try await withThrowingTaskGroup { group in
                group.addTask { await intake.run() }
                group.addTask { await syncs.run() }
                do {
                    try await body(self)
                } catch {
                    syncs.stop()
                    intake.stop()
                    throw error
                }
                syncs.stop()
                intake.stop()
            }
        }

        func ended(_ id: SyncID) async throws -> SyncStatus {
            try await eventually("The sync ends.") { try syncs.status(of: id).state != .running }
            return try syncs.status(of: id)
        }
    }

    /// Can be asked, and cannot list.
    private struct Unlisted: Enricher {
        let cloud = "old"
        func knows(_ type: String) -> Bool { true }
        func facts(of resource: ResourceReference) async throws -> ResourceFacts? { nil }
        func close() async {}
    }

    private func refusal(_ rig: Rig, _ request: SyncRequest) -> SyncError? {
        do throws(SyncError) {
            _ = try rig.syncs.start(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func `what cannot be synced is told with the remedy`() async throws {
        let rig = Rig()
        let nobody = try #require(refusal(rig, SyncRequest(kind: "openstack", cloud: "osp")))
        #expect(nobody.code == .noEnricher)
        #expect(nobody.reason.contains("enrichers: [ openstack: { cloud: osp, keystone: { auth-url:"))
        #expect(refusal(rig, SyncRequest(kind: "cloudstack"))?.reason.contains("endpoint:") == true)

        rig.configure(
            ("openstack", ListedCloud(cloud: "east")),
            ("openstack", ListedCloud(cloud: "west")),
            ("cloudstack", Unlisted())
        )
        let ambiguous = try #require(refusal(rig, SyncRequest(kind: "openstack")))
        #expect(ambiguous.code == .invalid && ambiguous.field == "cloud" && ambiguous.reason.contains("east, west"))
        let misspelt = try #require(refusal(rig, SyncRequest(kind: "openstack", cloud: "eest")))
        #expect(misspelt.reason.contains("did you mean “east”?"))
        let unlisted = try #require(refusal(rig, SyncRequest(kind: "cloudstack")))
        #expect(unlisted.code == .noEnricher && unlisted.reason.contains("cannot list"))
        let type = try #require(refusal(rig, SyncRequest(kind: "openstack", cloud: "east", types: ["Volumes"])))
        #expect(type.field == "types" && type.reason.contains("did you mean “Volume”?"))
        #expect(rig.syncs.all.isEmpty)
    }

    @Test func `one sync of a cloud runs at a time, and a stop ends it`() async throws {
        let (questions, question) = AsyncStream<Void>.makeStream()
        let rig = Rig()
        let slow = ListedCloud(cloud: "east") { _ in
            question.yield()
            try await rig.time.sleep(for: .seconds(3_600))
        }
        rig.configure(("openstack", slow), ("openstack", ListedCloud(cloud: "west")))
        try await rig.run { rig in
            let id = try rig.syncs.start(SyncRequest(kind: "openstack", cloud: "east")).id
            let second = try #require(refusal(rig, SyncRequest(kind: "openstack", cloud: "east")))
            #expect(second.code == .conflict && second.reason.contains("Sync \(id)"))
            #expect(
                try await rig.ended(rig.syncs.start(SyncRequest(kind: "openstack", cloud: "west")).id).state
                    == .finished
            )
            for await _ in questions { break }
            let stopped = try await rig.syncs.stop(id, reason: "Enough.")
            #expect(stopped.state == .stopped && stopped.reason == "Enough." && stopped.ended != nil)
            await #expect(throws: SyncError.self) { try await rig.syncs.stop(id, reason: "Again.") }
            #expect(refusal(rig, SyncRequest(kind: "openstack", cloud: "east")) == nil)
            #expect(rig.syncs.counters.numbers["east"]?.ended == [.stopped: 1])
        }
        // The one that ran when the server stopped has ended as well.
        #expect(rig.syncs.all.first?.state == .stopped && rig.syncs.all.first?.reason == "Martlet is stopping.")
        #expect(refusal(rig, SyncRequest(kind: "openstack", cloud: "west"))?.code == .stopped)
    }

    @Test func `a reload that takes the enricher away ends its sync, another does not`() async throws {
        let rig = Rig()
        let slow = ListedCloud { _ in try await rig.time.sleep(for: .seconds(3_600)) }
        rig.configure(("openstack", slow))
        try await rig.run { rig in
            let id = try rig.syncs.start(SyncRequest(kind: "openstack")).id
            rig.configure(("openstack", ListedCloud()), ("cloudstack", ListedCloud(cloud: "other")))
            rig.syncs.configurationChanged()
            #expect(try rig.syncs.status(of: id).state == .running)
            rig.configure(("cloudstack", ListedCloud(cloud: "other")))
            rig.syncs.configurationChanged()
            let status = try await rig.ended(id)
            #expect(status.state == .stopped)
            #expect(status.reason == "The enricher openstack of the cloud “c” is no longer in the configuration.")
        }
    }

    @Test func `a page that fails is asked for again, as late as the origin wants, and given up at last`() async throws
    {
        let rig = Rig()
        let failures = Mutex(3)
        let cloud = ListedCloud(types: ["VirtualMachine"]) { question in
            guard case .page(_, 2) = question else { return }
            let isFailing = failures.withLock { failures in
                defer { failures -= 1 }
                return failures > 0
            }
            if isFailing { throw EnricherError("The service is busy.", retryAfter: .seconds(30)) }
        }
        for number in 1...5 { cloud.set("vm-\(number)") }
        rig.configure(("openstack", cloud))
        try await rig.run { rig in
            func sync() async throws -> (status: SyncStatus, seconds: Double) {
                let begin = rig.time.steadyNow
                let id = try rig.syncs.start(SyncRequest(kind: "openstack")).id
                try await eventually("The sync ends.") {
                    if rig.time.sleeperCount > 0 { rig.time.advance(by: .seconds(1)) }
                    return try rig.syncs.status(of: id).state != .running
                }
                return (try rig.syncs.status(of: id), (rig.time.steadyNow - begin).inSeconds)
            }
            let first = try await sync()
            #expect(first.status.types.map(\.state) == [.complete] && first.status.total.read == 5)
            #expect(first.seconds >= 90)
            // No resource was read twice, and the failing page was asked for four times.
            #expect(cloud.questions.count { $0 == .page(type: "VirtualMachine", number: 2) } == 4)
            failures.withLock { $0 = .max }
            let second = try await sync()
            #expect(second.status.state == .finished && second.status.types.map(\.state) == [.failed])
            #expect(second.status.types.first?.reason == "The service is busy.")
            #expect(cloud.questions.count { $0 == .page(type: "VirtualMachine", number: 2) } == 4 + 5)
        }
    }

    @Test func `a disk that is full for a while does not end a sync, one that stays full does`() async throws {
        let rig = Rig()
        let cloud = ListedCloud(types: ["VirtualMachine"])
        for number in 1...3 { cloud.set("vm-\(number)") }
        rig.configure(("openstack", cloud))
        try await rig.run { rig in
            rig.store.writeFailure = StoreError(.full, "The disk is full.")
            let id = try rig.syncs.start(SyncRequest(kind: "openstack")).id
            try await eventually("It waits.") { rig.time.sleeperCount > 0 }
            rig.store.writeFailure = nil
            try await eventually("The sync ends.") {
                rig.time.advance(by: .seconds(1))
                return try rig.syncs.status(of: id).state != .running
            }
            #expect(try rig.syncs.status(of: id).state == .finished)
            cloud.set("vm-4")
            rig.store.writeFailure = StoreError(.full, "The disk is full.")
            let second = try rig.syncs.start(SyncRequest(kind: "openstack")).id
            try await eventually("The sync ends.") {
                rig.time.advance(by: .seconds(1))
                return try rig.syncs.status(of: second).state != .running
            }
            let status = try rig.syncs.status(of: second)
            #expect(status.state == .failed && status.reason?.contains("The disk is full.") == true)
            rig.store.writeFailure = nil
        }
    }
}
