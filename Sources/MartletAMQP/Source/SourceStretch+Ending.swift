import Logging
import Martlet
import MartletPipeline

extension SourceStretch {
    /// Waits for the batch that is being committed, acknowledges it and closes; bounded in time.
    func stop(_ session: AMQPSession, _ queue: String?) async {
        intake.hold()
        // A task of its own: this one is cancelled, and would wait for nothing. It ends by itself, within the bound.
        let ending = Task { [intake, time] in
            let end = time.steadyNow + Self.stopTimeout
            while intake.withLedger({ $0.isAwaitingAnswer }), time.steadyNow < end {
                await intake.bell.wait(atMost: Self.stopTimeout, time: time)
            }
            if let queue { await settleLast(session, queue) }
            await session.close()
        }
        await ending.value
        intake.end()
    }

    /// Has everything that was acknowledged settled, so that a restart need not look for it.
    private func settleLast(_ session: AMQPSession, _ queue: String) async {
        let tag = intake.withLedger { $0.acknowledged }
        guard tag > 0 else { return }
        do throws(AMQPError) {
            _ = try await session.settle(queue: queue)
            intake.withLedger { $0.copies.settle(upTo: tag) }
        } catch {
            // Then a restart looks for it.
            source.logger.debug("The last acknowledgements were not settled.", metadata: ["error": "\(error)"])
        }
    }
}
