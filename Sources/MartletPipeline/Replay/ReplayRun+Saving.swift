import Logging
import Martlet
import Synchronization

extension ReplayRun {
    /// Saves what has been achieved if it is time.
    func saveIfDue() async {
        let now = time.steadyNow
        guard state.withLock({ $0.isUnsaved && now >= $0.nextSave }) else { return }
        do {
            try await save(isFinished: false)
        } catch {
            logger.error(
                "What a replay has achieved could not be saved; it is tried again in a second.",
                metadata: ["error": "\(error)"]
            )
            state.withLock { $0.nextSave = time.steadyNow + .seconds(1) }
        }
    }

    /// Saves the last of it; where the store fails, until it works again or the run is told to stop.
    ///
    /// - Returns: whether it is on disk. What is not will be repeated.
    func saveAtEnd(_ ending: Ending) async -> Bool {
        while true {
            do {
                try await save(isFinished: ending == .finished)
                return true
            } catch {
                logger.error("The end of a replay could not be saved.", metadata: ["error": "\(error)"])
                if Task.isCancelled || state.withLock({ $0.isStopping }) { return false }
                await doorbell.wait(atMost: .seconds(1), time: time)
            }
        }
    }

    private func save(isFinished: Bool) async throws {
        let progress = state.withLock { state in
            state.isUnsaved = false
            return state.window.takeProgress()
        }
        // The end is told even where nothing else is new.
        guard let delivery = progress ?? (isFinished ? ForwarderProgress(forwarder: windowID, cursor: end) : nil) else {
            return
        }
        do {
            try await store.saveReplay(
                ReplayProgress(replay: id, delivery: delivery, isFinished: isFinished, time: time.now)
            )
            state.withLock { $0.nextSave = time.steadyNow + ReplayRun.saveInterval }
        } catch {
            state.withLock { state in
                state.window.restore(delivery)
                state.isUnsaved = true
            }
            throw error
        }
    }

    private var end: Position { record.draft.range.upperBound }
    private var windowID: ForwarderID { ForwarderID(rawValue: id.rawValue) }
}
