import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// `/v1/resources`: what the index knows, and what happened to each resource.
struct ResourcesRoutes {
    let store: any EventStore

    func add(to router: some RouterMethods<APIContext>) {
        let pages = EventPages(store: store)
        let search = ResourceQuery(store: store)
        router.on(.searchResources) { request, context in
            try await search.answer(try request.query, for: try context.caller)
        }
        router.on(.resource) { [self] request, context in
            let gate = try context.caller.gate
            let record = try await resource(request, context)
            return .value { gate.write(record, into: &$0) }
        }
        router.on(.timeline) { [self] request, context in
            let (caller, query) = (try context.caller, try request.query)
            let (before, limit, form) = (try query.position("before"), try query.limit(), try query.bodyForm())
            try caller.requireMaySee(form)
            let record = try await resource(request, context)
            let timeline = try await timeline(of: record.key, before: before, limit: limit)
            return try await pages.answer(timeline.events, as: form, through: caller.gate) { writer in
                writer.key("next")
                writer.stringOrNull(timeline.next?.description)
            }
        }
    }

    /// The one resource that a path and `cloud` name.
    private func resource(_ request: Request, _ context: APIContext) async throws -> ResourceRecord {
        let (type, id) = (try context.pathParameter("type"), try context.pathParameter("id"))
        let cloud = try request.query.text("cloud")
        let records = try await store.resources(type: type, id: id, cloud: cloud)
        guard let record = records.first else {
            let place = cloud.map { " in the cloud \"\($0)\"" } ?? ""
            throw Problem(.unknownResource, "No event has spoken of \(type)/\(id)\(place).")
        }
        guard records.count == 1 else {
            let clouds = records.map(\.cloud)
            let list = clouds.joined(separator: ", ")
            throw Problem(
                .ambiguousResource,
                "\(type)/\(id) is in several clouds, name one with ?cloud=: \(list).",
                clouds: clouds
            )
        }
        return record
    }

    /// Newest first, bounded in what an answer holds.
    private func timeline(
        of key: ResourceKey,
        before: Position?,
        limit: Int
    ) async throws -> (events: [StoredEvent], next: Position?) {
        let budget = EventReader.answerBudget
        let events = try await store.timeline(of: key, before: before, limit: limit, maximumBytes: budget)
        guard let last = events.last?.position else { return ([], nil) }
        if events.count == limit { return (events, last) }
        // It was too much for one answer, or this is where the line begins.
        let isAtEnd = try await store.timeline(of: key, before: last, limit: 1, maximumBytes: 0).isEmpty
        return (events, isAtEnd ? nil : last)
    }
}
