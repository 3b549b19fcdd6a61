import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// `GET /v1/resources`: a search among the resources, through the gate (promise 9).
///
/// Who sees everything is answered from the index of texts, best first. For anybody else a hit of that index is only a
/// candidate: it counts where the words stand in what he may see. The candidates are looked at in the order of the index of
/// resources, so that neither their number nor a rank tells of what is hidden, and a page ends by the resources looked at.
struct ResourceQuery: Sendable {
    /// Resources that one request looks at, at the most, as with events.
    private static let scanBudget = 20_000
    private static let span = 2_000

    let store: any EventStore

    func answer(_ query: QueryParameters, for caller: Caller) async throws -> Response {
        guard let text = try query.text("search") else {
            throw Problem.parameter("search", "\"search\" says what to look for: a name, an id, an address.")
        }
        if try query.text("state") != nil { try caller.requireMayAsk(for: ["state"]) }
        return caller.seesAll ? try await ranked(text, query) : try await confirmed(text, query, caller.gate)
    }

    private func ranked(_ text: String, _ query: QueryParameters) async throws -> Response {
        guard try query.text("after") == nil else {
            throw Problem.parameter(
                "after",
                "The best come first and there are no pages; \"after\" is for readers from whom something is hidden."
            )
        }
        let found = try await store.searchResources(
            text,
            type: query.text("type"),
            cloud: query.text("cloud"),
            state: query.text("state"),
            limit: query.limit()
        )
        return answer(found.resources, through: EventPages.gate, next: nil, found.indexedThrough)
    }

    private func confirmed(_ text: String, _ query: QueryParameters, _ gate: Gate) async throws -> Response {
        let (type, cloud) = (try query.text("type"), try query.text("cloud"))
        let (state, limit) = (try query.text("state"), try query.limit())
        var last = try query.id("after").map { ResourceKey(rawValue: $0) }
        let words = SearchWords(text)
        var records: [ResourceRecord] = []
        var looked = 0
        while true {
            let stretch = try await store.resourceCandidates(
                text,
                type: type,
                cloud: cloud,
                after: last,
                span: ResourceQuery.span
            )
            for record in stretch.records {
                guard state == nil || record.state == state, words.map({ gate.shows($0, in: record) }) ?? false else {
                    continue
                }
                records.append(record)
                if records.count == limit {
                    return answer(records, through: gate, next: record.key, stretch.indexedThrough)
                }
            }
            looked += ResourceQuery.span
            last = stretch.next
            if last == nil || looked >= ResourceQuery.scanBudget {
                return answer(records, through: gate, next: last, stretch.indexedThrough)
            }
        }
    }

    private func answer(
        _ records: [ResourceRecord],
        through gate: Gate,
        next: ResourceKey?,
        _ indexedThrough: Position
    ) -> Response {
        .object { writer in
            writer.key("resources")
            writer.beginArray()
            for record in records { gate.write(record, into: &writer) }
            writer.endArray()
            if !gate.protection.isEmpty {
                writer.key("next")
                writer.stringOrNull(next.map { String($0.rawValue) })
            }
            writer.member("indexedthrough", indexedThrough.description)
        }
    }
}
