import DequeModule
package import Martlet

// What the sink answered, and what an operator decided.

extension DeliveryWindow {
    /// Takes the sink's answer for a unit.
    ///
    /// - Parameters:
    ///   - unit: the number of a unit that is in flight.
    ///   - outcome: one for the whole unit, or one for each of its events in order, without those that are lost; missing ones
    ///     count as untried.
    ///   - lost: events of the unit that could not be handed over, because they are not there any more: skipped.
    ///   - left: events of a unit that might be cut, which were too much: they have not been handed over.
    ///   - now: for when the next attempt is due.
    ///   - random: a number from 0 up to but not including 1, for the jitter.
    package mutating func complete(
        _ unit: Int,
        _ outcome: BatchOutcome,
        lost: Set<Position> = [],
        left: Set<Position> = [],
        now: Moment,
        random: Double
    ) {
        guard let flight = flights.removeValue(forKey: unit) else {
            preconditionFailure("A unit is completed once, while it is in flight.")
        }
        let lanes = Set(flight.positions.map(currentLane(of:)))
        busy.subtract(lanes)
        for position in flight.positions where lost.contains(position) { conclude(position, as: .skipped) }
        let absent = lost.union(left)
        let positions = absent.isEmpty ? flight.positions : flight.positions.filter { !absent.contains($0) }
        switch outcome {
        case .whole(let outcome):
            if !positions.isEmpty {
                settle(positions, outcome, attempts: flight.attempts, now: now, random: random)
            }
        case .each(let outcomes):
            for (index, position) in positions.enumerated() {
                let outcome = index < outcomes.count ? outcomes[index] : .untried
                settle([position], outcome, attempts: flight.attempts, now: now, random: random)
            }
        }
        let taken = outcome.taken(of: positions.count)
        if taken > 0 { unitSize.succeeded(taken, configured: configuration.delivery.maximumEvents) }
        if skippedThrough > .zero { giveWay(flight.positions.filter { $0 <= skippedThrough }) }
        awaken(lanes)
        advanceCursor()
    }

    private mutating func settle(
        _ positions: [Position],
        _ outcome: DeliveryOutcome,
        attempts: Int,
        now: Moment,
        random: Double
    ) {
        switch outcome {
        case .delivered:
            for position in positions { conclude(position, as: .delivered) }
            suspects.succeeded(positions.count)
            failedLanes.removeAll()
            outage = nil
            // A wait that the destination asked for is kept, whatever was on its way meanwhile.
            if let current = backoff, !current.isRequested || now.steady >= current.until { backoff = nil }
            // What went wrong is told for as long as something waits because of it; dead letters keep their own reasons.
            if parked.isEmpty, backoff == nil { setError(nil) }
        case .retry(let reason, let after):
            setError(reason)
            failedLanes.insert(currentLane(of: positions[0]))
            if attempts + 1 >= configuration.retry.attempts {
                giveUp(positions, reason: reason, attempts: attempts + 1, now: now.clock)
            } else {
                let delay = configuration.retry.delay(afterFailures: attempts + 1, random: random, minimum: after)
                park(positions, attempts: attempts + 1, due: now.clock + delay, reason: reason)
            }
            if failedLanes.count >= configuration.failingLanes {
                failedLanes.removeAll()
                backOff(reason: reason, after: nil, now: now.steady, random: random)
            }
        case .reject(let reason):
            setError(reason)
            if positions.count == 1 {
                giveUp(positions, reason: reason, attempts: attempts + 1, now: now.clock)
            } else {
                // One of them is to blame: each is tried alone, in order.
                for position in positions {
                    park([position], attempts: attempts, due: now.clock, reason: "tried alone: \(reason)")
                }
            }
        case .unavailable(let reason, let after):
            if suspects.failed(positions) {
                guard positions.count > 1 else {
                    return settle(positions, .retry(reason, after: after), attempts: attempts, now: now, random: random)
                }
                // One of them, or all of them together: none has spent an attempt of its own.
                let halves = halves(of: positions)
                suspects.divided(positions, into: halves)
                setError(reason)
                let due = now.clock + configuration.retry.delay(afterFailures: 1, random: random, minimum: after)
                for half in halves { park(half, attempts: attempts, due: due, reason: reason) }
                return
            }
            putBack(positions)
            if unitSize.failed(positions.count) { divide(positions) }
            setError(reason)
            backOff(reason: reason, after: after, now: now.steady, random: random)
        case .gone(let reason):
            putBack(positions)
            setError(reason)
            beginOutage(now: now.steady)
            setPause(Pause(cause: .gone, reason: reason))
        case .untried:
            putBack(positions)
        }
    }

    /// Parks events as one unit, named by its first position.
    private mutating func park(_ positions: [Position], attempts: Int, due: Timestamp, reason: String) {
        for position in positions {
            var delivery =
                parked[position]
                ?? ParkedDelivery(
                    position: position,
                    lane: resource(of: position),
                    unit: nil,
                    attempts: 0,
                    due: due,
                    reason: "",
                    isRedelivery: false
                )
            if parked[position] == nil, let index = entryIndex(of: position) {
                delivery.isResynchronised = isResynchronised(entries[index])
            }
            delivery.unit = positions[0]
            delivery.attempts = attempts
            delivery.due = due
            delivery.reason = reason
            if let index = entryIndex(of: position) { entries[index].status = .parked }
            park(delivery)
        }
    }

    /// Parks one event, or changes how it is parked.
    mutating func park(_ delivery: ParkedDelivery) {
        let lane = lane(of: delivery)
        let known = parked.updateValue(delivery, forKey: delivery.position)
        if let unit = known?.unit, unit != delivery.unit { leave(unit, delivery.position) }
        if let unit = delivery.unit { units[unit, default: []].insert(delivery.position) }
        if known == nil {
            if delivery.isRedelivery { redeliveryCount += 1 }
            var queue = lanes[lane, default: []]
            // New ones come in log order, but for the members of a batch that was in flight beside others.
            let index = queue.lastIndex { $0 < delivery.position }.map { $0 + 1 } ?? 0
            queue.insert(delivery.position, at: index)
            lanes[lane] = queue
        }
        unsaved.parked.insert(delivery.position)
        if !busy.contains(lane), let first = lanes[lane]?.first, let head = parked[first] {
            waiting[lane] = Wait(due: head.due, position: first)
        }
    }

    /// Makes two batches of one that is parked and has been handed over; what has not is put together anew anyway.
    private mutating func divide(_ positions: [Position]) {
        for half in halves(of: positions) {
            for position in half {
                guard var delivery = parked[position], delivery.unit != nil else { continue }
                delivery.unit = half[0]
                park(delivery)
            }
        }
    }

    private func halves(of positions: [Position]) -> [[Position]] {
        let middle = (positions.count + 1) / 2
        return [Array(positions[..<middle]), Array(positions[middle...])]
    }

    private mutating func leave(_ unit: Position, _ position: Position) {
        units[unit]?.remove(position)
        if units[unit]?.isEmpty == true { units[unit] = nil }
    }

    /// Lets the heads of lanes be looked at, now that nothing of these lanes is in flight.
    mutating func awaken(_ lanes: Set<Lane>) {
        var met: Set<Position> = []
        for lane in lanes {
            guard !busy.contains(lane), let first = self.lanes[lane]?.first, let head = parked[first] else { continue }
            waiting[lane] = Wait(due: head.due, position: first)
            if let unit = head.unit { met.insert(unit) }
        }
        // A batch whose other lanes had to wait may be complete now.
        for position in met.compactMap({ units[$0] }).joined() {
            guard let delivery = parked[position] else { continue }
            let lane = lane(of: delivery)
            if !busy.contains(lane), self.lanes[lane]?.first == position {
                waiting[lane] = Wait(due: delivery.due, position: position)
            }
        }
    }

    /// Events that were in flight become what they were before.
    private mutating func putBack(_ positions: [Position]) {
        for position in positions where parked[position] == nil {
            guard let index = entryIndex(of: position) else { continue }
            entries[index].status = .ready
            firstReady = min(firstReady, index)
        }
    }

    private mutating func giveUp(_ positions: [Position], reason: String, attempts: Int, now: Timestamp) {
        if configuration.order == .strict {
            // Strict stops rather than dead-letters; the event is tried again when the forwarder is resumed.
            putBack(positions)
            for position in positions where parked[position] != nil {
                parked[position]?.attempts = 0
                unsaved.parked.insert(position)
            }
            setPause(Pause(cause: .strict, reason: reason))
            return
        }
        for position in positions {
            conclude(
                position,
                as: .dead(DeadLetterDraft(position: position, reason: reason, attempts: attempts, time: now))
            )
        }
    }

    /// Between two looks at a destination that is unavailable, where it does not say otherwise.
    static let longestBackoff = Duration.seconds(60)

    private mutating func backOff(reason: String, after: Duration?, now: Timestamp, random: Double) {
        beginOutage(now: now)
        var current = backoff ?? Backoff(since: now, failures: 0, until: now)
        // Several units in flight that fail together are one failure.
        if backoff == nil || now >= current.until { current.failures += 1 }
        // One who is back is not kept waiting for long: only the destination itself may ask for more.
        let delay = min(
            configuration.retry.delay(afterFailures: current.failures, random: random, minimum: nil),
            Self.longestBackoff
        )
        current.until = max(current.until, now + max(delay, after.map { spread($0, random: random) } ?? .zero))
        current.isRequested = current.isRequested && now < current.until || after != nil
        backoff = current
        if now - current.since >= configuration.retry.giveUpAfter {
            backoff = nil
            setPause(Pause(cause: .unavailable, reason: reason))
        }
    }

    /// What the destination asked for, and up to a tenth more: many forwarders that were told the same do not all come back
    /// at the same moment.
    private func spread(_ wait: Duration, random: Double) -> Duration {
        configuration.retry.jitter == .none ? wait : wait + wait * (random / 10)
    }

    mutating func conclude(_ position: Position, as status: Entry.Status) {
        suspects.forget(position)
        if !parked.isEmpty, let delivery = parked.removeValue(forKey: position) {
            let lane = lane(of: delivery)
            parkedBytes[position] = nil
            if delivery.isRedelivery { redeliveryCount -= 1 }
            if let unit = delivery.unit { leave(unit, position) }
            if lanes[lane]?.first == position {
                lanes[lane]?.removeFirst()
            } else {
                lanes[lane]?.removeAll { $0 == position }
            }
            if lanes[lane]?.isEmpty == true {
                lanes[lane] = nil
                waiting[lane] = nil
            }
            unsaved.parked.insert(position)
        }
        if let index = entryIndex(of: position) {
            entries[index].status = status
        } else if let index = settled.firstIndex(where: { $0.position == position }) {
            settled[index].status = status
        } else {
            count(status)
        }
    }

    private mutating func count(_ status: Entry.Status) {
        switch status {
        case .delivered: unsaved.counts.delivered += 1
        case .dead(let draft):
            unsaved.counts.dead += 1
            unsaved.deadLetters.append(draft)
        case .skipped: unsaved.counts.skipped += 1
        case .superseded: countSuperseded()
        case .ready, .inFlight, .parked: break
        }
    }

    /// Moves the cursor over all that is concluded or parked, and classifies what it passes.
    mutating func advanceCursor() {
        while let first = entries.first {
            switch first.status {
            case .ready, .inFlight: break
            case .parked, .delivered, .dead, .skipped, .superseded:
                passUnwanted(through: first.position.advanced(by: -1))
                cursor = first.position
                count(first.status)
                heldBytes -= first.byteCount
                entries.removeFirst()
                firstReady = max(0, firstReady - 1)
                continue
            }
            break
        }
        passUnwanted(through: (entries.first?.position).map { $0.advanced(by: -1) } ?? classifiedThrough)
        if let end = resynchronisation?.through, cursor >= end { endResynchronisation() }
    }

    /// Moves the cursor over what nobody wants here: filtered, or skipped where it was never seen.
    private mutating func passUnwanted(through last: Position) {
        guard last > cursor else { return }
        var skipped: Int64 = 0
        while let range = unseen.first, range.lowerBound <= last.rawValue {
            unseen.removeFirst()
            // A position in it may have been counted by itself.
            skipped += max(0, min(range.upperBound, last.rawValue) - max(range.lowerBound, cursor.rawValue + 1) + 1)
            if range.upperBound > last.rawValue { unseen.prepend(last.rawValue + 1...range.upperBound) }
        }
        unsaved.counts.skipped += skipped
        unsaved.counts.filtered += last.rawValue - cursor.rawValue - skipped
        cursor = last
    }

    func currentLane(of position: Position) -> Lane {
        if !parked.isEmpty, let delivery = parked[position] { return lane(of: delivery) }
        if let index = entryIndex(of: position) { return entries[index].lane }
        return .event(position)
    }

    private func resource(of position: Position) -> ResourceKey? {
        entryIndex(of: position).flatMap { entries[$0].resource }
    }
}

// MARK: - What an operator decides

extension DeliveryWindow {
    /// Stops handing anything out; what is in flight is finished.
    package mutating func setPause(_ pause: Pause?) {
        guard self.pause != pause else { return }
        self.pause = pause
        unsaved.pauseChanged = true
    }

    /// Goes on after a pause, at once: waits and failures before it are forgotten.
    package mutating func resume() {
        setPause(nil)
        backoff = nil
        failedLanes.removeAll()
        suspects.beginRound()
        unitSize = UnitSize()
    }

    /// Brings dead letters back: pending again, marked, outside the order, due at once.
    package mutating func redeliver(_ letters: [(id: Int64, position: Position)], now: Timestamp) {
        for letter in letters where parked[letter.position] == nil && removedLetters.insert(letter.id).inserted {
            park(
                ParkedDelivery(
                    position: letter.position,
                    lane: nil,
                    unit: nil,
                    attempts: 0,
                    due: now,
                    reason: "redelivered",
                    isRedelivery: true
                )
            )
            unsaved.removedDeadLetters.append(letter.id)
        }
    }

    /// Gives dead letters up for good: skipped.
    package mutating func discard(_ ids: [Int64]) {
        // Two who decide at once about the same letter decide once.
        let ids = ids.filter { removedLetters.insert($0).inserted }
        unsaved.removedDeadLetters += ids
        unsaved.counts.skipped += Int64(ids.count)
    }

    /// Remembers what went wrong last.
    mutating func setError(_ reason: String?) {
        guard lastError != reason else { return }
        lastError = reason
        unsaved.errorChanged = true
    }
}
