import Logging
import Martlet
import Synchronization

// From the log to the sink.

extension ReplayRun {
    /// Offers the window the next page of the range, if it has room; tells whether there was something.
    func readOn() async -> Bool {
        let position = state.withLock { $0.window.wantsMore ? $0.window.classifiedThrough : nil }
        guard let position, position < record.draft.range.upperBound else { return false }
        do {
            let page = try await store.page(
                after: position,
                limit: Forwarder.pageLimit,
                maximumBytes: Forwarder.pageBytes
            )
            state.withLock { offer(page, after: position, &$0) }
            return true
        } catch {
            logger.error("Reading the log failed; it is tried again in a second.", metadata: ["error": "\(error)"])
            state.withLock { $0.window.setError("The log could not be read: \(error)") }
            await doorbell.wait(atMost: .seconds(1), time: time)
            return false
        }
    }

    private func offer(_ page: [StoredEvent], after position: Position, _ state: inout State) {
        let end = record.draft.range.upperBound
        let events = page.prefix { $0.position <= end }
        // Nothing more of the range: what lies up to its end has been removed.
        let isAtEnd = events.count < page.count || page.isEmpty
        let through = isAtEnd ? end : events.last?.position ?? position
        let wanted = events.filter { destination.accepts($0.event) }
        // What waits for a destination waits in the store, not in memory.
        if !state.window.isHoldingBack {
            for event in wanted { state.events.insert(event) }
        }
        let candidates = wanted.lazy.map {
            DeliveryWindow.Candidate(
                position: $0.position,
                resource: $0.resourceKey,
                byteCount: $0.event.payload.original.count
            )
        }
        state.window.offer(
            candidates,
            through: through,
            missing: LogGaps.between(position, events, through: through)
        )
        state.isUnsaved = true
    }

    /// Hands out all units that may go now; tells whether there was one.
    func launch(into flights: inout DiscardingTaskGroup) -> Bool {
        var hasLaunched = false
        while let (unit, events) = nextUnit() {
            hasLaunched = true
            flights.addTask { await self.deliver(unit, cached: events) }
        }
        return hasLaunched
    }

    private func nextUnit() -> (DeliveryWindow.Unit, [StoredEvent])? {
        let now = time.moment
        return state.withLock { state in
            state.rateDelay = state.rate.delay(now: now.steady)
            guard !state.isStopping, state.rateDelay == nil, let unit = state.window.next(now: now) else { return nil }
            state.rate.spend(unit.positions.count)
            return (unit, unit.positions.compactMap { state.events[$0] })
        }
    }

    private func deliver(_ unit: DeliveryWindow.Unit, cached: [StoredEvent]) async {
        let delivery = UnitDelivery(
            gate: destination.gate,
            body: destination.body,
            sink: destination.sink,
            store: store,
            isReplay: true,
            enrichment: enrichment,
            idPrefix: "replay-\(id)-"
        )
        let answer = await delivery.deliver(unit, cached: cached)
        // What was cut off by the end of the process says nothing about the destination.
        let outcome = Task.isCancelled && answer.outcome != .whole(.delivered) ? .whole(.untried) : answer.outcome
        let now = time.moment
        state.withLock { state in
            state.window.complete(
                unit.id,
                outcome,
                lost: answer.lost,
                left: answer.left,
                now: now,
                random: Double.random(in: 0..<1)
            )
            if state.window.isHoldingBack {
                state.events.removeAll()
            } else {
                for position in unit.positions where !state.window.holds(position) { state.events.remove(position) }
            }
            state.events.letGoOfParked(in: state.window)
            state.isUnsaved = true
        }
        doorbell.ring()
    }
}
