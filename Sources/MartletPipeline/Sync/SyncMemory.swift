import Martlet

/// Remembers durably how far the types of a cloud's resources have been read once: from then on what differs is an event.
struct SyncMemory: Sendable {
    /// How far a type has been read.
    enum Extent: Sendable {
        case none
        /// All that the origin showed, which may not have been everything.
        case part
        case whole

        /// What is no event then. Of a part, what is new may merely be shown for the first time.
        var silent: Set<SyncFinding> {
            switch self {
            case .none: Set(SyncFinding.allCases)
            case .part: [.created, .deleted]
            case .whole: []
            }
        }
    }

    let store: any EventStore
    let cloud: String

    func extent(of type: String) async throws -> Extent {
        if try await store.setting(name(.whole, type)) != nil { return .whole }
        return try await store.setting(name(.part, type)) == nil ? .none : .part
    }

    /// Takes note of how far a type has been read; a part takes nothing from what was.
    func note(_ extent: Extent, of type: String, at time: Timestamp) async throws {
        try await store.setSetting(name(extent, type), to: time.description)
    }

    private func name(_ extent: Extent, _ type: String) -> String {
        "\(extent == .whole ? "sync.complete" : "sync.shown")/\(cloud)/\(type)"
    }
}
