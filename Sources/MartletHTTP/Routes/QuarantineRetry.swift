import Martlet
import MartletClient
import MartletJSON
import MartletPipeline
import ServiceLifecycle

/// Reads items of the quarantine again.
///
/// Those that can be read now are committed and leave the quarantine in the same commit. The others stay as they are;
/// they are not quarantined a second time.
struct QuarantineRetry: Sendable {
    /// What became of the items.
    struct Outcome: Sendable {
        /// Items that have left the quarantine.
        var accepted = 0
        var problems: [(id: Int64, reason: String)] = []
        /// Items that still cannot be read; the reasons of the first ones are among the problems.
        var failed = 0
    }

    private static let pageLimit = 100
    /// Items may be as large as a body: what is held at once is bounded in bytes, too.
    private static let pageBytes = 8 << 20
    /// Reasons told in one answer.
    static let maximumProblems = 1_000

    let pipeline: Pipeline

    /// Reads again what is selected.
    func retry(_ selection: Selection) async throws -> Outcome {
        var outcome = Outcome()
        switch selection {
        case .ids(let ids):
            var items: [MartletPipeline.QuarantinedItem] = []
            var bytes = 0
            for id in ids {
                // The first item after the one before.
                let item = try await pipeline.store.quarantined(
                    source: nil,
                    after: id - 1,
                    limit: 1,
                    maximumBytes: 0
                ).first
                if let item, item.id == id {
                    items.append(item)
                    bytes += item.draft.bytes.count
                } else {
                    outcome.fail(id, "There is no such item in the quarantine.")
                }
                if items.count == QuarantineRetry.pageLimit || bytes > QuarantineRetry.pageBytes {
                    try await retry(items, &outcome)
                    (items, bytes) = ([], 0)
                }
            }
            try await retry(items, &outcome)
        case .source(let name):
            guard pipeline.sources[name] != nil else {
                throw Problem(.unknownSource, "There is no source \"\(name)\".")
            }
            try await retryAll(of: name, &outcome)
        case .all:
            try await retryAll(of: nil, &outcome)
        }
        return outcome
    }

    private func retryAll(of source: String?, _ outcome: inout Outcome) async throws {
        var last: Int64 = 0
        while true {
            guard !Task.isShuttingDownGracefully, !Task.isCancelled else {
                throw Problem(
                    .stopping,
                    "Martlet is stopping. \(outcome.accepted) items could be read again; ask again for those that are left."
                )
            }
            let items = try await pipeline.store.quarantined(
                source: source,
                after: last,
                limit: QuarantineRetry.pageLimit,
                maximumBytes: QuarantineRetry.pageBytes
            )
            guard let lastItem = items.last else { return }
            try await retry(items, &outcome)
            last = lastItem.id
        }
    }

    /// One commit for each source that has some of these.
    private func retry(_ items: [MartletPipeline.QuarantinedItem], _ outcome: inout Outcome) async throws {
        for (source, items) in Dictionary(grouping: items, by: \.source).sorted(by: { $0.key < $1.key }) {
            guard let port = pipeline.sources[source] else {
                for item in items {
                    outcome.fail(item.id, "The source \"\(source)\" is no longer in the configuration.")
                }
                continue
            }
            let made = port.makeBatch(items.map(\.message), ignoringTwins: true)
            let failed = Set(made.problems.map(\.index))
            for problem in made.problems { outcome.fail(items[problem.index].id, problem.reason) }
            var batch = made.batch
            batch.items.removeAll(where: \.isUnreadable)
            // What an `ignore` pattern drops leaves the quarantine too.
            batch.resolvedQuarantine = items.indices.filter { !failed.contains($0) }.map { items[$0].id }
            guard !batch.resolvedQuarantine.isEmpty else { continue }
            _ = try await port.intake.submit(batch)
            if made.ignored > 0 { port.intake.counters.addIgnored(made.ignored, source: source) }
            outcome.accepted += batch.resolvedQuarantine.count
        }
    }
}

extension QuarantineRetry.Outcome {
    fileprivate mutating func fail(_ id: Int64, _ reason: String) {
        failed += 1
        if problems.count < QuarantineRetry.maximumProblems { problems.append((id, reason)) }
    }

    /// Writes the members of the answer.
    func write(into writer: inout JSONWriter) {
        writer.member("accepted", accepted)
        writer.member("failed", failed)
        writer.key("problems")
        writer.beginArray()
        for problem in problems {
            writer.beginObject()
            writer.member("id", String(problem.id))
            writer.member("reason", problem.reason)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension MartletPipeline.QuarantinedItem {
    /// The message as it came in.
    fileprivate var message: Message {
        let json = (try? JSONDocument(parsing: draft.bytes))?.root
        return Message(bytes: draft.bytes, json: json, routingKey: draft.routingKey, headers: draft.headers)
    }
}

extension IntakeItem {
    fileprivate var isUnreadable: Bool {
        if case .unreadable = self { true } else { false }
    }
}
