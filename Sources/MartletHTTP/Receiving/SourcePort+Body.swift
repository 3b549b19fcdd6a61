import Martlet
import MartletPipeline

extension SourcePort {
    /// Reads messages of which some are known to be unreadable, and commits what is in them.
    ///
    /// - Parameter reasons: for each message why it is unreadable; `nil` where it is not. They tell the place in the
    ///   whole body, which a message by itself does not know.
    func receive(_ messages: [Message], unreadable reasons: [String?]) async throws -> ReceptionAnswer {
        guard reasons.contains(where: { $0 != nil }) else { return ReceptionAnswer(try await receive(messages)) }
        var made = makeBatch(messages)
        var problem = 0
        for index in made.batch.items.indices {
            // Problems and unreadable items are in the same order.
            guard case .unreadable(var draft) = made.batch.items[index] else { continue }
            if let reason = reasons[made.problems[problem].index] {
                draft.reason = reason
                made.batch.items[index] = .unreadable(draft)
                made.problems[problem].reason = reason
            }
            problem += 1
        }
        let receipt = try await submit(made.batch)
        if made.ignored > 0 { intake.counters.addIgnored(made.ignored, source: name) }
        return ReceptionAnswer(receipt: receipt, ignored: made.ignored, problems: made.problems)
    }
}
