import Martlet
import MartletJSON
import MartletPipeline
import Synchronization

/// Replays go into a list; `{"forwarder": "noc"}` is the only definition that is known.
final class ReplayStandIn: ReplayDefinitionReader, Sink {
    let delivery = SinkDelivery(mode: .independent, maximumEvents: 1)
    private let events = Mutex<[OutgoingEvent]>([])
    private let rejected: String?

    /// - Parameter rejected: the id of an event that it does not take.
    init(rejecting rejected: String? = nil) { self.rejected = rejected }

    var ids: [String] { events.withLock { $0.map(\.event.id) } }

    func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        if batch.events[0].event.id == rejected { return .whole(.reject("not wanted")) }
        events.withLock { $0 += batch.events }
        return .whole(.delivered)
    }

    func close() async {}

    func outline(of definition: [UInt8]) throws(ReplayError) -> ReplayOutline {
        let root = try? JSONDocument(parsing: definition[...]).root
        guard let name = root?["forwarder"]?.string else {
            throw ReplayError(.invalid, "say where to", field: "forwarder")
        }
        guard name == "noc" else { throw ReplayError(.unknownForwarder, "There is none.", field: "forwarder") }
        let matches = root?["match"]?.string.flatMap { try? TopicPattern($0) }.map { [EventFilter.Match(pattern: $0)] }
        return ReplayOutline(forwarder: name, sink: "list", filters: [EventFilter(matches: matches ?? [])])
    }

    func destination(for definition: [UInt8], name: String) throws(ReplayError) -> ReplayDestination {
        ReplayDestination(sink: self, body: .event, filters: try outline(of: definition).filters)
    }

    func redacted(_ definition: [UInt8]) -> [UInt8] { Array(#"{"forwarder":"noc"}"#.utf8) }
}
