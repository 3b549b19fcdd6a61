import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// `/v1/events`: CloudEvents in, events out.
struct EventsRoutes {
    /// The source that takes CloudEvents at `/v1/events`.
    static let sourceName = "events"

    let pipeline: Pipeline
    let receiver: Receiver

    func addPublishing(to router: some RouterMethods<APIContext>) {
        router.on(.postEvents) { [receiver] request, context in
            let port = try receiver.port(EventsRoutes.sourceName)
            guard receiver.settings.sources[port.name]?.format == CloudEventsFormat.name else {
                throw Problem(
                    .unknownSource,
                    "The source \"\(port.name)\" is not of format \(CloudEventsFormat.name)."
                )
            }
            return try await receiver.receive(request, context, through: port)
        }
    }

    func add(to router: some RouterMethods<APIContext>) {
        let reader = EventReader(store: pipeline.store, dispatcher: pipeline.dispatcher, time: pipeline.time)
        let pages = EventPages(store: pipeline.store)

        router.on(.listEvents) { [pipeline] request, context in
            let caller = try context.caller
            let query = try EventQuery(request.query, now: pipeline.time.now)
            try caller.requireMayAsk(for: query.attributeNames)
            try caller.requireMaySee(query.form)
            let page = try await reader.read(query)
            return try await pages.answer(page.events, as: query.form, through: caller.gate) { writer in
                writer.key("next")
                writer.stringOrNull(page.next?.description)
                writer.member("scanned", page.scanned.description)
                writer.member("first", page.first.description)
                writer.member("head", pipeline.dispatcher.head.description)
                page.writeDamage(of: pipeline.store.damage, into: &writer)
            }
        }
        router.on(.event) { [store = pipeline.store] request, context in
            let caller = try context.caller
            let text = try context.pathParameter("position")
            guard let position = Position(text) else {
                throw Problem.parameter("position", "A position is a decimal number, not \"\(text)\".")
            }
            let form = try request.query.bodyForm()
            try caller.requireMaySee(form)
            guard let event = try await store.events(at: [position]).first else {
                if store.damage.positions.contains(position) {
                    throw Problem(
                        .damagedEvent,
                        "The event at position \(position) is not as it was written. Run `martlet store check`."
                    )
                }
                throw Problem(
                    .notFound,
                    "There is no event at position \(position); it may have been removed by its age."
                )
            }
            return try await pages.answer(event, as: form, through: caller.gate)
        }
    }
}
