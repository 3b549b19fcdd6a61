import Logging
package import Martlet
import Synchronization

// Promise 11: what leaves the log before it was delivered is counted and reported.

extension Forwarder {
    /// Gives up what retention is about to remove, and returns when that is on disk.
    ///
    /// - Returns: how many events were given up; what is in flight is not among them yet.
    /// - Throws: ``IntakeError`` or ``StoreError``; nothing may be removed then.
    package func skip(through position: Position) async throws -> Int64 {
        let (given, needs) = state.withLock { state in
            // What it was fed and has not looked at is not lost: most of it is wanted by nobody here.
            if state.window.wantsMore, let fed = dispatcher.take(id) {
                offer(fed.events, through: fed.through, &state)
            }
            guard state.window.oldestNeeded <= position else { return (Int64(0), false) }
            let given = state.window.skip(through: position)
            state.events.keep { [window = state.window] in window.holds($0) }
            return (given, true)
        }
        if needs {
            doorbell.ring()
            try await intake.save()
        }
        return given
    }

    /// Gives up what was removed while this forwarder was not configured: it held nothing then.
    func giveUpRemoved() async {
        while !Task.isCancelled, !state.withLock({ $0.life.isStopping }) {
            do {
                let removed = try await store.logExtent().removedThrough
                let (given, first) = state.withLock { state in
                    let first = state.window.oldestNeeded
                    guard first <= removed else { return (Int64(0), first) }
                    return (state.window.skip(through: removed), first)
                }
                guard given > 0 else { return }
                intake.progressMade()
                return await reportSkipped(given, from: first, through: removed)
            } catch {
                logger.error("The log could not be looked at; it is tried again.", metadata: ["error": "\(error)"])
                await doorbell.wait(atMost: .seconds(1), time: time)
            }
        }
    }

    /// Says which events were skipped: in the log, in the status and as an event.
    package func reportSkipped(_ count: Int64, from first: Position, through last: Position) async {
        let alert = RetentionAlert.skipped(count, from: first, through: last, forwarder: name)
        logger.error("\(alert.text)", metadata: ["from": "\(first)", "through": "\(last)", "count": "\(count)"])
        state.withLock { $0.window.setError(alert.text) }
        do {
            _ = try await intake.submit(IntakeBatch(alert: alert.event(at: time.now)))
        } catch {
            logger.error("The alert could not be stored.", metadata: ["error": "\(error)"])
        }
    }
}
