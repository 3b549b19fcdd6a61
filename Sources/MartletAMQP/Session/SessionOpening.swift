import MartletPipeline
import Synchronization

/// Opens a session on a new thread, and gives the one who waits for it one answer.
enum SessionOpening {
    static func open(
        _ settings: AMQPSettings,
        name: String,
        limits: AMQPLimits,
        observer: @escaping @Sendable (AMQPNotice) -> Void
    ) async throws(AMQPError) -> AMQPSession {
        let state = SessionState()
        guard let inbox = SessionInbox() else {
            throw AMQPError(
                .failed,
                "no descriptor is left",
                at: settings.place,
                remedy: "raise the limit of open files"
            )
        }
        let answer = Answer()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<AMQPSession, AMQPError>, Never>) in
                answer.waits(continuation)
                let isStarted = DedicatedThread.start {
                    SessionLoop(inbox: inbox, state: state, observer: observer)
                        .run(settings, name: name, limits: limits) { answer.give($0) }
                }
                if !isStarted {
                    answer.give(
                        .failure(
                            AMQPError(
                                .failed,
                                "no thread can be started",
                                at: settings.place,
                                remedy: "raise the limit of processes and threads"
                            )
                        )
                    )
                }
            }
        } onCancel: {
            // The thread ends by itself: it is told that nobody took its answer.
            answer.give(.failure(.closed(at: settings.place)))
            state.cut()
        }
        return try result.get()
    }

    /// Takes the first answer; later ones are for nobody.
    private final class Answer: Sendable {
        private enum State {
            case nobodyWaits
            case waiting(CheckedContinuation<Result<AMQPSession, AMQPError>, Never>)
            case early(Result<AMQPSession, AMQPError>)
            case given
        }

        private let state = Mutex(State.nobodyWaits)

        func waits(_ continuation: CheckedContinuation<Result<AMQPSession, AMQPError>, Never>) {
            let early = state.withLock { state -> Result<AMQPSession, AMQPError>? in
                if case .early(let result) = state {
                    state = .given
                    return result
                }
                state = .waiting(continuation)
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }

        /// Whether somebody took it.
        @discardableResult
        func give(_ result: Result<AMQPSession, AMQPError>) -> Bool {
            let (waiter, isTaken) = state.withLock {
                state -> (CheckedContinuation<Result<AMQPSession, AMQPError>, Never>?, Bool) in
                switch state {
                case .nobodyWaits:
                    state = .early(result)
                    return (nil, true)
                case .waiting(let continuation):
                    state = .given
                    return (continuation, true)
                case .early, .given:
                    return (nil, false)
                }
            }
            waiter?.resume(returning: result)
            return isTaken
        }
    }
}
