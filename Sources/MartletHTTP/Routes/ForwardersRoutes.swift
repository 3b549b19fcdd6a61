import Hummingbird
import MartletClient
import MartletJSON
import MartletPipeline
import ServiceLifecycle

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
        _ decision: (Forwarder, [DeadLetterReference]) async throws -> Void
    ) async throws -> Int {
        let forwarder = try forwarder(context)
        switch try Selection(await reader.read(request, context)) {
        case .ids(let ids):
            let letters = try await letters(ids, of: forwarder)
            if !letters.isEmpty { try await decision(forwarder, letters) }
            return letters.count
        case .all, .source:
            return try await decideAll(of: forwarder) { try await decision(forwarder, $0) }
        }
    }

    /// The dead letters with these ids; a problem where one of them is not there.
    private func letters(_ ids: [Int64], of forwarder: Forwarder) async throws -> [DeadLetterReference] {
        var letters: [DeadLetterReference] = []
        for id in ids {
            let found = try await pipeline.store.deadLetterReferences(of: forwarder.id, within: id...id, limit: 1)
            guard let letter = found.first else {
                throw Problem(
                    .unknownDeadLetter,
                    "The forwarder \"\(forwarder.name)\" has no dead letter \(id). Nothing was done."
                )
            }
            letters.append(letter)
        }
        return letters
    }

    /// Applies a decision to the dead letters that there are now, piece by piece.
    ///
    /// What is rejected again meanwhile is a new letter with a higher id: it is not among them, or this would never end.
    private func decideAll(
        of forwarder: Forwarder,
        _ decision: ([DeadLetterReference]) async throws -> Void
    ) async throws -> Int {
        guard let last = try await pipeline.store.lastDeadLetter(of: forwarder.id) else { return 0 }
        var count = 0
        var next: Int64 = 1
        while next <= last {
            guard !Task.isShuttingDownGracefully, !Task.isCancelled else {
                throw Problem(
                    .stopping,
                    "Martlet is stopping. It was done for \(count) dead letters; ask again for those that are left."
                )
            }
            let letters = try await pipeline.store.deadLetterReferences(
                of: forwarder.id,
                within: next...last,
                limit: ForwardersRoutes.pageLimit
            )
            guard let lastLetter = letters.last else { break }
            try await decision(letters)
            count += letters.count
            next = lastLetter.id + 1
        }
        return count
    }
}
