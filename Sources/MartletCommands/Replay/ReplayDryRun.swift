import Martlet
import MartletClient
import MartletJSON

/// Counts what a replay would send, request by request.
struct ReplayDryRun {
    let server: ServerConnection
    let context: CommandContext
    let json: Bool

    func run(_ request: ReplayRequest) async throws {
        var request = request
        var answer = try await server.client.countReplay(request)
        // What is committed meanwhile does not belong to it, and an hour ago does not move.
        request.from = answer.from.description
        request.to = answer.to.description
        let (from, to) = (answer.from, answer.to)
        var (matched, filtered, removed) = (answer.matched, answer.filtered, answer.removed)
        while answer.scanned < to {
            answer = try await server.client.countReplay(request, after: answer.scanned)
            matched += answer.matched
            filtered += answer.filtered
            removed += answer.removed
        }
        if json {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("from", from.description)
            writer.member("to", to.description)
            writer.member("matched", matched)
            writer.member("filtered", filtered)
            writer.member("removed", removed)
            writer.endObject()
            return try context.print(json: [writer.bytes[...]])
        }
        let total = to.rawValue - from.rawValue + 1
        var text =
            "\(Measures.count(matched)) of \(Measures.count(total)) events would go, from position \(from) to \(to)"
        if removed > 0 { text += "; \(Measures.count(removed)) are no longer in the log" }
        try context.print(text)
    }
}
