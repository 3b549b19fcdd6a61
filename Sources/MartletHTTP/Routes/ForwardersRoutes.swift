import Hummingbird
import MartletClient
import MartletJSON
import MartletPipeline

/// `/v1/forwarders`: how they are doing, and what an operator decides about them.
struct ForwardersRoutes {
    /// Dead letters that one commit takes.
    private static let pageLimit = 500

    let pipeline: Pipeline
    let reader: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.listForwarders) { [pipeline] _, _ in
            let statuses = try await ForwarderStatuses(pipeline)
            return .object { statuses.write(into: &$0) }
        }
        router.on(.forwarder) { [self] _, context in
            let statuses = try await ForwarderStatuses(pipeline)
            let name = try context.pathParameter("name")
            if let status = statuses.retired.first(where: { $0.name == name }) {
                return .value { statuses.write(name, nil, status, into: &$0) }
            }
            let forwarder = try forwarder(context)
            return .value { statuses.write(forwarder, into: &$0) }
        }
        router.on(.pauseForwarder) { [self] _, context in
            let forwarder = try forwarder(context)
            try await forwarder.pause(reason: "It was paused over the API.")
            return try await answer(forwarder)
        }
        router.on(.resumeForwarder) { [self] _, context in
            let forwarder = try forwarder(context)
            try await forwarder.resume()
            return try await answer(forwarder)
        }
        router.on(.redeliver) { [self] request, context in
            let count = try await decide(request, context) { try await $0.redeliver($1) }
            return .object { $0.member("redelivered", count) }
        }
        router.on(.discard) { [self] request, context in
            let count = try await decide(request, context) { try await $0.discard($1) }
            return .object { $0.member("discarded", count) }
        }
    }

    private func forwarder(_ context: APIContext) throws(Problem) -> Forwarder {
        let name = try context.pathParameter("name")
        guard let forwarder = pipeline.forwarders[name] else {
            let names = pipeline.forwarders.all.map(\.name).joined(separator: ", ")
            let hint = names.isEmpty ? "The configuration has none." : "There are: \(names)."
            throw Problem(.unknownForwarder, "There is no forwarder \"\(name)\". \(hint)")
        }
        return forwarder
    }

    private func answer(_ forwarder: Forwarder) async throws -> Response {
        let statuses = try await ForwarderStatuses(pipeline)
        return .value { statuses.write(forwarder, into: &$0) }
    }

    /// Applies a decision to the dead letters that the body selects.
    ///
    /// - Returns: how many there were.
    private func decide(
        _ request: Request,
        _ context: APIContext,
        _ decision: (Forwarder, [DeadLetter]) async throws -> Void
    ) async throws -> Int {
        let forwarder = try forwarder(context)
        switch try Selection(await reader.read(request, context)) {
        case .ids(let ids):
            var letters: [DeadLetter] = []
            for id in ids {
                guard let letter = try await pipeline.store.deadLetter(id: id), letter.forwarderID == forwarder.id
                else {
                    throw Problem(
                        .unknownDeadLetter,
                        "The forwarder \"\(forwarder.name)\" has no dead letter \(id). Nothing was done."
                    )
                }
                letters.append(letter)
            }
            if !letters.isEmpty { try await decision(forwarder, letters) }
            return letters.count
        case .all, .source:
            var count = 0
            var last: Int64 = 0
            while true {
                let letters = try await pipeline.store.deadLetters(
                    forwarder: forwarder.name,
                    after: last,
                    limit: ForwardersRoutes.pageLimit
                )
                guard let lastLetter = letters.last else { return count }
                try await decision(forwarder, letters)
                count += letters.count
                last = lastLetter.id
            }
        }
    }
}
