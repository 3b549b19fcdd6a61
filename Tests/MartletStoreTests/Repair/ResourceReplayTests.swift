import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import Testing

@testable import MartletStore

@Suite struct ResourceReplayTests {
    private func stored(_ position: Int64, _ type: String, isStale: Bool = false) throws -> StoredEvent {
        let payload = #"{"instance_id": "i-1", "display_name": "web"}"#
        let text = #"{"event_type": "compute.instance.\#(type)", "payload": \#(payload)}"#
        let bytes = Array(text.utf8)[...]
        let message = Message(bytes: bytes, json: try JSONDocument(parsing: bytes).root)
        let event = try OsloFormat().decode(message, from: Origin(sourceName: "osp")).with {
            $0.position = Position(rawValue: position)
            $0.isStale = isStale
        }
        return StoredEvent(event: event, resourceKey: ResourceKey(rawValue: 1), changes: nil)
    }

    @Test func `what was stale when it came changes nothing when the index is made again`() throws {
        let events = [
            try stored(1, "create.end"), try stored(2, "delete.end"), try stored(3, "create.end", isStale: true),
        ]
        let record = try #require(ResourceReplay().record(of: events))
        #expect(record.deleted != nil)
        #expect(record.latest == Position(rawValue: 3))
        // Nothing tells of what it was too old for.
        let rest = try #require(ResourceReplay().record(of: events.suffix(1)))
        #expect(rest.name == "web")
    }
}
