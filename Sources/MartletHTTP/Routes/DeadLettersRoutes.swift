import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// `/v1/dead-letters`: the events that forwarders gave up on.
struct DeadLettersRoutes {
    let store: any EventStore

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.listDeadLetters) { [store] request, _ in
            let query = try request.query
            let forwarder = try query.text("forwarder")
            if let forwarder, try await !store.forwarderExists(name: forwarder) {
                throw Problem(.unknownForwarder, "There is no forwarder \"\(forwarder)\".")
            }
            let limit = try query.limit()
            var last = try query.id("after") ?? 0
            var written = 0
            var isAtEnd = false
            var writer = JSONWriter(reservingCapacity: 4_096)
            writer.beginObject()
            writer.key("deadletters")
            writer.beginArray()
            while written < limit, !isAtEnd, writer.bytes.count < EventReader.answerBudget {
                let letters = try await store.deadLetters(
                    forwarder: forwarder,
                    after: last,
                    limit: limit - written,
                    maximumBytes: EventReader.answerBudget - writer.bytes.count
                )
                for letter in letters { letter.write(into: &writer) }
                written += letters.count
                isAtEnd = letters.isEmpty
                last = letters.last?.id ?? last
            }
            writer.endArray()
            writer.key("next")
            writer.stringOrNull(isAtEnd ? nil : String(last))
            writer.endObject()
            return Response(json: writer)
        }
        router.on(.deadLetter) { [store] _, context in
            let text = try context.pathParameter("id")
            guard let id = Int64(text), let letter = try await store.deadLetter(id: id) else {
                throw Problem(.unknownDeadLetter, "There is no dead letter \(text).")
            }
            return .value { letter.write(into: &$0) }
        }
    }
}

extension DeadLetter {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", String(id))
        writer.member("forwarder", forwarder)
        writer.member("position", stored.position.description)
        writer.member("reason", reason)
        writer.member("attempts", attempts)
        writer.member("time", time.description)
        writer.key("event")
        EventPages.gate.write(stored, resource: nil, as: .event, into: &writer)
        writer.endObject()
    }
}
