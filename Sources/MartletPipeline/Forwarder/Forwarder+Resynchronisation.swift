import Logging
import Martlet
import Synchronization

// What is done to send a destination that was away what is current, and nothing else.

extension Forwarder {
    /// Events looked at in one reading of the index.
    private static let searchLimit = 4_096

    /// Finds out what the destination need not be sent any more, as far as it must be known before more is handed out.
    ///
    /// - Returns: `false` where the index could not be read, and a moment has been waited for.
    func resynchronise(now: Moment) async -> Bool {
        let head = dispatcher.head
        if state.withLock({ $0.window.beginResynchronisation(head: head, now: now) }) { await saveBeginning() }
        while let examination = state.withLock({ $0.window.examination }) {
            do {
                let superseded = try await superseded(examination)
                state.withLock { state in
                    state.window.finish(examination, superseded: superseded)
                    for position in superseded where !state.window.holds(position) { state.events.remove(position) }
                }
                intake.progressMade()
            } catch {
                logger.error(
                    "The index could not be read; it is tried again in a second.",
                    metadata: ["error": "\(error)"]
                )
                state.withLock { $0.window.setError("The index could not be read: \(error)") }
                await doorbell.wait(atMost: .seconds(1), time: time)
                return false
            }
        }
        await reportResynchronisation()
        return true
    }

    /// The next life of the process goes on with it, whenever this one ends.
    private func saveBeginning() async {
        logger.notice("Only the last event of each resource is sent of what has been missed.")
        do {
            try await intake.save()
        } catch {
            // It is part of the next progress: until then a crash has everything sent.
            logger.warning("This is not on disk yet.", metadata: ["error": "\(error)"])
        }
    }

    /// Those of the events that a later wanted one of their resource takes the place of.
    private func superseded(_ examination: DeliveryWindow.Examination) async throws -> [Position] {
        // Out of the state for as long as it is changed, so that it is not copied; nobody else asks for it.
        let filter = configuration.filter
        var latest = state.withLock { state in
            defer { state.latest = LatestPositions() }
            return state.latest
        }
        latest.use(through: examination.through, filter: filter)
        var searches = latest.searches(for: examination.candidates)
        while !searches.isEmpty {
            searches = try await store.latestEvents(
                searches,
                through: examination.through,
                acceptedBy: filter,
                limit: Self.searchLimit
            )
            for search in searches where search.isOver { latest.add(search) }
            searches.removeAll(where: \.isOver)
        }
        let superseded = examination.candidates.filter { $0.position < latest[$0.key] ?? .zero }.map(\.position)
        state.withLock { [latest] in $0.latest = latest }
        return superseded
    }

    /// Says what was skipped, when the last of it has been: in the log and as an event.
    func reportResynchronisation() async {
        guard let over = state.withLock({ $0.window.takeOverResynchronisation() }), over.skipped > 0 else { return }
        let alert = ForwarderAlert.resynchronised(over, forwarder: name)
        logger.warning(
            "\(alert.text)",
            metadata: ["from": "\(over.from)", "through": "\(over.through)", "count": "\(over.skipped)"]
        )
        do {
            _ = try await intake.submit(IntakeBatch(alert: alert.event(at: time.now)))
        } catch {
            logger.error("The alert could not be stored.", metadata: ["error": "\(error)"])
        }
    }
}
