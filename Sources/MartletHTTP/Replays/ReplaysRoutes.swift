import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// `/v1/replays`: sending a range of the log again.
struct ReplaysRoutes {
    let pipeline: Pipeline
    let reader: BodyReader

    private var replays: Replays { pipeline.replays }
    private var statuses: ReplayStatuses { ReplayStatuses(replays: replays) }

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.createReplay) { [self] request, context in
            let record = try await create(try await reader.read(request, context))
            return .object(status: .created) { statuses.write(record, into: &$0) }
        }
        router.on(.countReplay) { [self] request, context in
            try await count(try await reader.read(request, context))
        }
        router.on(.listReplays) { [self] _, _ in
            let records = try await pipeline.store.replays()
            return .object { statuses.write(records, into: &$0) }
        }
        router.on(.replay) { [self] _, context in try await answer(try id(context)) }
        router.on(.pauseReplay) { [self] _, context in
            try await decide(context) { try await $0.pause($1, reason: "It was paused over the API.") }
        }
        router.on(.resumeReplay) { [self] _, context in try await decide(context) { try await $0.resume($1) } }
        router.on(.cancelReplay) { [self] _, context in try await decide(context) { try await $0.cancel($1) } }
        router.on(.listReplayFailures) { [self] request, context in try await failures(request, id(context)) }
    }

    private func id(_ context: APIContext) throws(Problem) -> ReplayID {
        let text = try context.pathParameter("id")
        guard let id = Int64(text) else { throw Problem(.unknownReplay, "There is no replay \(text).") }
        return ReplayID(rawValue: id)
    }

    private func record(_ id: ReplayID) async throws -> ReplayRecord {
        guard let record = try await pipeline.store.replay(id) else {
            throw Problem(.unknownReplay, "There is no replay \(id).")
        }
        return record
    }

    private func answer(_ id: ReplayID) async throws -> Response {
        let record = try await record(id)
        return .object { statuses.write(record, into: &$0) }
    }

    private func decide(
        _ context: APIContext,
        _ decision: (Replays, ReplayID) async throws -> Void
    ) async throws -> Response {
        let id = try id(context)
        try await decision(replays, id)
        return try await answer(id)
    }

    private func create(_ body: [UInt8]) async throws -> ReplayRecord {
        let request = try ReplayRequest(body, now: pipeline.time.now)
        let outline = try replays.outline(of: request.definition)
        return try await replays.create(
            ReplayDraft(
                definition: request.definition,
                forwarder: outline.forwarder,
                sink: outline.sink,
                range: try await pipeline.store.replayRange(from: request.from, to: request.to),
                rate: request.rate,
                note: request.note,
                created: pipeline.time.now
            )
        )
    }

    private func count(_ body: [UInt8]) async throws -> Response {
        let request = try ReplayRequest(body, now: pipeline.time.now)
        let outline = try replays.outline(of: request.definition)
        let range = try await pipeline.store.replayRange(from: request.from, to: request.to)
        let start = max(range.lowerBound.advanced(by: -1), request.after ?? .zero)
        let count = try await ReplayCount(
            after: start,
            through: range.upperBound,
            filters: outline.filters,
            in: pipeline.store
        )
        return .object { writer in
            writer.member("from", range.lowerBound.description)
            writer.member("to", range.upperBound.description)
            writer.member("scanned", count.scanned.description)
            writer.member("matched", count.matched)
            writer.member("filtered", count.filtered)
            writer.member("removed", count.removed)
        }
    }

    private func failures(_ request: Request, _ id: ReplayID) async throws -> Response {
        let query = try request.query
        let limit = try query.limit()
        var last = try query.id("after") ?? 0
        _ = try await record(id)
        var written = 0
        var isAtEnd = false
        var writer = JSONWriter(reservingCapacity: 4_096)
        writer.beginObject()
        writer.key("failures")
        writer.beginArray()
        while written < limit, !isAtEnd, writer.bytes.count < EventReader.answerBudget {
            let failures = try await pipeline.store.replayFailures(
                id,
                after: last,
                limit: limit - written,
                maximumBytes: EventReader.answerBudget - writer.bytes.count
            )
            for failure in failures { failure.write(into: &writer) }
            written += failures.count
            isAtEnd = failures.isEmpty
            last = failures.last?.id ?? last
        }
        writer.endArray()
        writer.key("next")
        writer.stringOrNull(isAtEnd ? nil : String(last))
        writer.endObject()
        return Response(json: writer)
    }
}

extension ReplayFailure {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", String(id))
        writer.member("position", stored.position.description)
        writer.member("reason", reason)
        writer.member("attempts", attempts)
        writer.member("time", time.description)
        writer.key("event")
        EventPages.gate.write(stored, resource: nil, as: .event, into: &writer)
        writer.endObject()
    }
}
