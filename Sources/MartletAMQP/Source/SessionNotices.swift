import MartletPipeline
import Synchronization

/// What a session has reported.
final class SessionNotices: Sendable {
    private let bell: Doorbell
    private let place: String
    private let error = Mutex<AMQPError?>(nil)
    /// The consumers whose end is no end of the session, and whether they have ended.
    private let sideConsumers = Mutex<[String: Bool]>([:])

    init(bell: Doorbell, place: String) {
        self.bell = bell
        self.place = place
    }

    /// Why the session cannot go on; `nil` while it can.
    var ending: AMQPError? { error.withLock { $0 } }

    /// A consumer's end concerns nobody but it.
    func hasSideConsumer(_ tag: String) { sideConsumers.withLock { $0[tag] = false } }

    /// The consumers of that kind that have ended since the last call.
    func takeEndedSideConsumers() -> Set<String> {
        sideConsumers.withLock { consumers in
            let ended = Set(consumers.filter { $0.value }.keys)
            consumers = consumers.filter { !$0.value }
            return ended
        }
    }

    private func isSideConsumer(_ tag: String) -> Bool {
        sideConsumers.withLock { consumers in
            guard consumers[tag] != nil else { return false }
            consumers[tag] = true
            return true
        }
    }

    func take(_ notice: AMQPNotice) {
        switch notice {
        case .blocked, .unblocked: return
        case .consumerEnded(let tag):
            if isSideConsumer(tag) { break }
            let ended = AMQPError(
                .missing,
                "the broker has ended the consumer: the queue was deleted, or its leader is gone",
                at: place,
                remedy: "nothing: the queue is made anew"
            )
            error.withLock { $0 = $0 ?? ended }
        case .channelClosed(let reason), .ended(let reason):
            error.withLock { $0 = $0 ?? reason }
        }
        bell.ring()
    }
}
