import Logging
import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// Everything around the syncs of one cloud, running over a real store, until the test ends it: one life of a server.
struct SyncRig: Sendable {
    let store: SQLiteEventStore
    let cloud: ListedCloud
    let time: any TimeSource
    let dispatcher: Dispatcher
    let intake: Intake
    let syncs: Syncs

    /// Runs `body` in one life of a server.
    static func run(
        at directory: String,
        _ cloud: ListedCloud,
        time: any TimeSource = SystemTime(),
        _ body: @Sendable (SyncRig) async throws -> Void
    ) async throws {
        try await withStore(at: directory) { store in
            let logger = LogCapture().logger
            let dispatcher = Dispatcher(head: try await store.head())
            let enrichment = Enrichment(store: store, time: time, logger: logger)
            enrichment.configure([
                EnrichmentMember(name: "openstack", enricher: cloud, policy: EnricherPolicy())
            ])
            let intake = Intake(
                store: store,
                dispatcher: dispatcher,
                enrichment: enrichment,
                time: time,
                logger: logger
            )
            let rig = SyncRig(
                store: store,
                cloud: cloud,
                time: time,
                dispatcher: dispatcher,
                intake: intake,
                syncs: Syncs(store: store, intake: intake, time: time, logger: logger)
            )
            try await withThrowingTaskGroup { group in
                group.addTask { await intake.run() }
                group.addTask { await rig.syncs.run() }
                do {
                    try await body(rig)
                } catch {
                    rig.syncs.stop()
                    intake.stop()
                    throw error
                }
                rig.syncs.stop()
                intake.stop()
            }
        }
    }

    /// Begins a sync, and returns how it ended.
    func sync(
        _ change: (inout SyncRequest) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> SyncStatus {
        var request = SyncRequest(kind: "openstack", rate: nil)
        change(&request)
        let id = try syncs.start(request).id
        try await eventually("The sync ends.", sourceLocation: sourceLocation) {
            try syncs.status(of: id).state != .running
        }
        return try syncs.status(of: id)
    }

    /// What an event of a source tells of a machine.
    func event(_ id: String, state: String) async throws {
        let event = StoreProbe.event(machine: id, state: state, cloud: cloud.cloud, time: time.now)
        _ = try await intake.submit(IntakeBatch(source: "s", items: [.event(event, nil)]))
    }

    func record(_ id: String, type: String = "VirtualMachine") async throws -> ResourceRecord? {
        try await store.resources(type: type, id: id, cloud: cloud.cloud).first
    }

    /// The topics of the log's events from behind a position on.
    func topics(after position: Int64 = 0) async throws -> [String] {
        try await store.page(after: Position(rawValue: position), limit: .max, maximumBytes: .max)
            .map(\.event.topic.text)
    }
}

extension ListedCloud {
    /// A cloud of as many machines, in the state `active`.
    convenience init(machines count: Int, before: @escaping @Sendable (Question) async throws -> Void = { _ in }) {
        self.init(before: before)
        for number in 1...count { set("vm-\(number)") { $0.state = "active" } }
    }
}
