import DequeModule
package import Martlet

// What becomes of the state when the configuration is another.

extension DeliveryWindow {
    /// What of a forwarder is another, as far as its deliveries are concerned.
    package struct Reconfiguration: Sendable, Hashable {
        /// Other events are wanted.
        package var filterChanged: Bool
        /// They go elsewhere, or by another way: what failed before says nothing about it.
        package var destinationChanged: Bool

        package init(filterChanged: Bool, destinationChanged: Bool) {
            self.filterChanged = filterChanged
            self.destinationChanged = destinationChanged
        }
    }

    /// Goes on under another configuration. Nothing may be in flight.
    ///
    /// Cursor, counts, parked events and dead letters stay. Due times are looked at anew: nothing waits for longer than the
    /// new policy's longest delay from now, a destination that was unavailable is tried at once, and another destination is
    /// tried at once with what is parked too. A pause that the destination or an event has caused ends, one that somebody has
    /// asked for stays. Another filter applies from the cursor on: what lies beyond it is to be offered again, less what has
    /// been concluded or has failed already. What merely waited behind another beyond the cursor gets its turn anew. What has
    /// been skipped for a later event of its resource stays skipped, though all that has been missed is wanted from now on.
    package mutating func reconfigure(_ configuration: Configuration, _ change: Reconfiguration, now: Timestamp) {
        precondition(flights.isEmpty, "A window is reconfigured between deliveries.")
        self.configuration = configuration
        backoff = nil
        failedLanes.removeAll()
        suspects = Suspects()
        unitSize = UnitSize()
        if let pause, pause.cause != .requested { setPause(nil) }
        if parked.isEmpty { setError(nil) }
        if configuration.afterOutage == .replay { endResynchronisation() }
        examinedThrough = cursor
        for index in entries.indices {
            entries[index].lane = lane(of: entries[index].position, resource: entries[index].resource)
        }
        freeUntried()
        parkAnew(change, now: now)
        if change.filterChanged { readAnewFromCursor() }
        firstReady = 0
    }

    /// Parks what is parked again, in log order: lanes and batches may be others now.
    private mutating func parkAnew(_ change: Reconfiguration, now: Timestamp) {
        let deliveries = parked.values.sorted { $0.position < $1.position }
        (parked, lanes, units, waiting, busy, redeliveryCount) = ([:], [:], [:], WaitingLanes(), [], 0)
        let latest = change.destinationChanged ? now : now + configuration.retry.maximumDelay
        for var delivery in deliveries {
            delivery.due = min(delivery.due, latest)
            // A batch keeps its composition for a destination that may remember it.
            if change.destinationChanged, delivery.unit != nil { delivery.unit = delivery.position }
            park(delivery)
        }
        dissolveMisfits()
    }

    /// Makes ready again what was parked behind another and never handed over, as far as the cursor has not passed it: in the
    /// lanes of now it might overtake what was not looked at while the other lanes were in force.
    private mutating func freeUntried() {
        for index in entries.indices where isUntried(entries[index]) {
            parked[entries[index].position] = nil
            parkedBytes[entries[index].position] = nil
            entries[index].status = .ready
        }
        // Of what is read anew, they are offered again with what lies between them.
        let untried = settled.filter { isUntried($0) }
        settled = settled.filter { !isUntried($0) }
        for entry in untried { (parked[entry.position], parkedBytes[entry.position]) = (nil, nil) }
    }

    private func isUntried(_ entry: Entry) -> Bool {
        guard case .parked = entry.status, let delivery = parked[entry.position] else { return false }
        return delivery.unit == nil && delivery.attempts == 0 && !delivery.isRedelivery
    }

    private mutating func readAnewFromCursor() {
        // What is ready was wanted by the former filter; the rest has become of its event, whoever wants it now.
        settled = Deque(entries.filter { !$0.isReady } + settled)
        entries.removeAll()
        heldBytes = 0
        unseen.removeAll()
        classifiedThrough = cursor
    }

    /// Takes batches apart that do not fit the configuration, which may be another than the one they were made under: larger
    /// than the sink takes now, or in the way of others.
    ///
    /// A batch goes when each of its events is the head of its lane. As long as lanes and sink are the same, its events are at
    /// the head of each of its lanes, side by side. Where they are not, two batches could wait for one another, or one
    /// could overtake what lies between its events.
    mutating func dissolveMisfits() {
        let limit = configuration.delivery.mode == .independent ? 1 : configuration.delivery.maximumEvents
        var misfits = Set(units.filter { $0.value.count > limit }.keys)
        for queue in lanes.values where queue.count > 1 {
            let batches = queue.map { position in parked[position]?.unit.flatMap { isBatch($0) ? $0 : nil } }
            let head = batches.first ?? nil
            misfits.formUnion(batches.drop { $0 == head }.compactMap(\.self))
        }
        for unit in misfits { dissolve(unit) }
    }

    private func isBatch(_ unit: Position) -> Bool { (units[unit]?.count ?? 0) > 1 }

    /// Has each event of a batch go by itself.
    private mutating func dissolve(_ unit: Position) {
        for position in (units[unit] ?? []).sorted() {
            guard var delivery = parked[position] else { continue }
            delivery.unit = position
            park(delivery)
        }
    }
}
