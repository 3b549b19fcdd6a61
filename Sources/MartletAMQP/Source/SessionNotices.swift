import MartletPipeline
import Synchronization

/// What a session has reported.
final class SessionNotices: Sendable {
    private let bell: Doorbell
    private let place: String
    private let error = Mutex<AMQPError?>(nil)

    init(bell: Doorbell, place: String) {
        self.bell = bell
        self.place = place
    }

    /// Why the session cannot go on; `nil` while it can.
    var ending: AMQPError? { error.withLock { $0 } }

    func take(_ notice: AMQPNotice) {
        switch notice {
        case .blocked, .unblocked: return
        case .consumerEnded:
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
