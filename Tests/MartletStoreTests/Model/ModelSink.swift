import Martlet
import MartletPipeline

/// A way to a destination: a forwarder's, or that of one run of a replay.
final class ModelSink: Sink {
    let delivery: SinkDelivery
    /// The replay that it was made for, and the plan that this one goes by.
    let replay: (id: ReplayID, plan: ForwarderPlan)?
    private let destination: ModelDestination
    private let closed = Shared(false)

    init(_ plan: ForwarderPlan, to destination: ModelDestination, replay: ReplayID? = nil) {
        delivery = plan.delivery
        self.replay = replay.map { ($0, plan) }
        self.destination = destination
    }

    var isClosed: Bool { closed.now }

    func send(_ batch: OutgoingBatch) async -> BatchOutcome { await destination.take(batch, by: self) }

    func close() async { closed.change { $0 = true } }
}
