import Hummingbird
import Martlet
import MartletJSON
import MartletPipeline

/// Writes events for answers, through the gate (promise 9).
struct EventPages: Sendable {
    /// An administrator sees everything.
    static let gate = Gate(.none)

    let store: any EventStore

    /// `{"events": […], …}`; `rest` writes what else the answer has.
    func answer(
        _ events: [StoredEvent],
        as form: BodyForm,
        through gate: Gate,
        rest: (inout JSONWriter) -> Void
    ) async throws -> Response {
        let resources = try await resources(of: events, as: form, gate)
        let capacity = events.reduce(512) { $0 + 1_024 + $1.event.payload.original.count }
        return Response.object(reservingCapacity: capacity) { writer in
            writer.key("events")
            writer.beginArray()
            for event in events {
                gate.write(
                    event,
                    resource: event.resourceKey.flatMap { resources[$0] },
                    as: form,
                    into: &writer
                )
            }
            writer.endArray()
            rest(&writer)
        }
    }

    /// One event by itself.
    func answer(_ event: StoredEvent, as form: BodyForm, through gate: Gate) async throws -> Response {
        let resources = try await resources(of: [event], as: form, gate)
        var writer = JSONWriter(reservingCapacity: 1_024 + event.event.payload.original.count)
        gate.write(event, resource: event.resourceKey.flatMap { resources[$0] }, as: form, into: &writer)
        return Response(json: writer)
    }

    private func resources(
        of events: [StoredEvent],
        as form: BodyForm,
        _ gate: Gate
    ) async throws -> [ResourceKey: ResourceRecord] {
        guard form == .enriched || gate.asksForOwner else { return [:] }
        let keys = Set(events.compactMap(\.resourceKey))
        return keys.isEmpty ? [:] : try await store.resources(withKeys: Array(keys))
    }
}
