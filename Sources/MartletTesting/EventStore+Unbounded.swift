package import Martlet
package import MartletPipeline

// Pages as a test reads them: however many bytes they have.

extension EventStore {
    package func timeline(of key: ResourceKey, before position: Position?, limit: Int) async throws -> [StoredEvent] {
        try await timeline(of: key, before: position, limit: limit, maximumBytes: .max)
    }

    package func deadLetters(forwarder: String?, after id: Int64, limit: Int) async throws -> [DeadLetter] {
        try await deadLetters(forwarder: forwarder, after: id, limit: limit, maximumBytes: .max)
    }

    package func quarantined(source: String?, after id: Int64, limit: Int) async throws -> [QuarantinedItem] {
        try await quarantined(source: source, after: id, limit: limit, maximumBytes: .max)
    }

    package func replayFailures(_ id: ReplayID, after failure: Int64, limit: Int) async throws -> [ReplayFailure] {
        try await replayFailures(id, after: failure, limit: limit, maximumBytes: .max)
    }
}
