import Martlet

/// Remembers durably which types of a cloud's resources have been read completely once: from then on what differs is an event.
struct SyncMemory: Sendable {
    let store: any EventStore
    let cloud: String

    func isFirst(_ type: String) async throws -> Bool { try await store.setting(name(of: type)) == nil }

    func complete(_ type: String, at time: Timestamp) async throws {
        try await store.setSetting(name(of: type), to: time.description)
    }

    private func name(of type: String) -> String { "sync.complete/\(cloud)/\(type)" }
}
