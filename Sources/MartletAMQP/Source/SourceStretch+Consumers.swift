import MartletPipeline

// Other consumers of the source's queue: each of several gets a part, or one gets all, and the broker tells nobody which.

extension SourceStretch {
    private static let remedy =
        "give each source a queue of its own, or end the other consumer: with x-single-active-consumer one of them gets everything, else each a part. What a cut connection has left goes by itself"

    /// What is known of others; `nil` where there is nobody.
    ///
    /// - Parameter found: the queue before the source consumed it. Of a quorum queue with a single active consumer the broker
    ///   counts that one alone: a source that waits behind another sees that one only then.
    func otherConsumers(of found: QueueSetup.Queue, now state: AMQPQueueState) -> SourceMonitor.Problem? {
        let place = source.configuration.connection.place
        if state.consumers > 1 {
            let others = state.consumers == 2 ? "another consumer" : "\(state.consumers - 1) other consumers"
            return SourceMonitor.Problem("the queue \(found.name) has \(others)", at: place, remedy: Self.remedy)
        }
        guard found.consumers > 0, !intake.hasReceived else { return nil }
        return SourceMonitor.Problem(
            "the queue \(found.name) had another consumer when this source began, and nothing has come since",
            at: place,
            remedy: Self.remedy
        )
    }
}
