package import Martlet
package import MartletClouds
package import MartletPipeline
import Testing

/// A store and short ways to fill it and to look into it.
package struct StoreProbe: Sendable {
    package let store: any EventStore
    private let catchUpBody: @Sendable (any EventStore) async throws -> Void

    /// The moment that the first group is recorded at.
    package static let start = Timestamp(seconds: 1_769_773_115)

    package init(
        _ store: any EventStore,
        catchUp: @escaping @Sendable (any EventStore) async throws -> Void = { _ in }
    ) {
        self.store = store
        catchUpBody = catchUp
    }

    /// Brings the full text up to date.
    func catchUp() async throws { try await catchUpBody(store) }

    /// Commits events as one batch.
    @discardableResult
    package func commit(
        _ events: [Event],
        facts: ResourceFacts? = nil,
        source: String = "source",
        checkpoints: [Checkpoint] = [],
        after duration: Duration = .zero
    ) async throws -> CommitResult {
        let batch = IntakeBatch(source: source, items: events.map { .event($0, facts) }, checkpoints: checkpoints)
        return try await commit([batch], after: duration)
    }

    /// Commits batches as one group.
    @discardableResult
    package func commit(
        _ batches: [IntakeBatch],
        progress: [ForwarderProgress] = [],
        after duration: Duration = .zero
    ) async throws -> CommitResult {
        try await store.commit(
            CommitGroup(batches: batches, progress: progress, recordedTime: StoreProbe.start + duration)
        )
    }

    /// Saves what a forwarder has achieved.
    package func save(_ progress: ForwarderProgress) async throws { try await commit([], progress: [progress]) }

    /// The whole log.
    package func log() async throws -> [StoredEvent] {
        try await store.page(after: .zero, limit: .max, maximumBytes: .max)
    }

    /// The key of a machine's resource.
    func key(of id: String) async throws -> ResourceKey {
        try #require(try await store.resources(type: "VirtualMachine", id: id, cloud: "prod").first).key
    }

    /// An event of a virtual machine that has come into a state.
    package static func event(
        _ id: String = "",
        machine: String? = "vm-1",
        state: String? = nil,
        cloud: String = "prod",
        content: String = #"{"event":"VM.START"}"#,
        time: Timestamp? = start
    ) -> Event {
        var fields = Event.Fields(
            id: id,
            source: "/clouds/\(cloud)/management-server",
            type: "org.apache.cloudstack.VM.START",
            cloud: cloud,
            topic: Topic(
                source: "management-server",
                category: "ActionEvent",
                type: "VM.START",
                resource: "VirtualMachine",
                id: machine
            ),
            payload: Payload(json: Array(content.utf8)[...])
        )
        fields.time = time
        fields.category = .action
        fields.phase = .completed
        fields.outcome = .success
        fields.newState = state
        fields.resource = machine.map { ResourceReference(type: "VirtualMachine", id: $0) }
        return Event(fields: fields)
    }
}
