import DequeModule
package import Martlet

// What comes in from the log, and what goes out to the sink.

extension DeliveryWindow {
    /// Whether it has room for more events from the log.
    package var wantsMore: Bool {
        // Redeliveries are outside the order, and hold up nobody.
        pause == nil && entries.count < configuration.lookahead && heldBytes < configuration.maximumHeldBytes
            && lanes.count - redeliveryCount < configuration.maximumParkedLanes
            && parked.count - redeliveryCount < configuration.maximumParked
    }

    /// Whether nothing is ready, in flight or waiting to be looked at: all up to `classifiedThrough` is behind the cursor.
    package var isIdle: Bool { entries.isEmpty }

    /// The number of units handed out and not completed.
    package var flightCount: Int { flights.count }

    /// Takes events in log order; what lies between them up to `through` is filtered.
    ///
    /// - Parameters:
    ///   - candidates: the wanted events, ascending, all after `classifiedThrough`.
    ///   - through: the last position read.
    ///   - missing: what is not in the log between `classifiedThrough` and `through`: skipped, not filtered.
    package mutating func offer(
        _ candidates: some Sequence<Candidate>,
        through: Position,
        missing: [ClosedRange<Int64>] = []
    ) {
        for range in missing where range.upperBound > classifiedThrough.rawValue {
            unseen.append(max(range.lowerBound, classifiedThrough.rawValue + 1)...range.upperBound)
        }
        // What has been offered before is left out: a repetition is never wrong.
        for candidate in candidates where candidate.position > max(entries.last?.position ?? .zero, classifiedThrough) {
            let isSettled = takeSettled(through: candidate.position) == candidate.position
            if isSettled { continue }
            append(
                Entry(
                    position: candidate.position,
                    resource: candidate.resource,
                    lane: lane(of: candidate.position, resource: candidate.resource),
                    byteCount: candidate.byteCount
                )
            )
        }
        takeSettled(through: through)
        if through > classifiedThrough { classifiedThrough = through }
        advanceCursor()
    }

    private mutating func append(_ entry: Entry) {
        heldBytes += entry.byteCount
        entries.append(entry)
    }

    /// Takes back what had become of its event before the log was read anew, whether it is wanted now or not.
    ///
    /// - Returns: the last position that was taken back.
    @discardableResult
    mutating func takeSettled(through: Position) -> Position? {
        var last: Position?
        while let entry = settled.first, entry.position <= through {
            append(settled.removeFirst())
            last = entry.position
        }
        return last
    }

    /// The next events to hand to the sink: what is due again first, then what is new; `nil` where nothing may go now.
    ///
    /// - Parameter now: for what is due.
    package mutating func next(now: Moment) -> Unit? {
        guard pause == nil, flights.count < configuration.delivery.concurrency else { return nil }
        bringForward(now: now)
        guard let backoff else { return nextParked(now: now.clock) ?? nextFresh(now: now.clock) }
        // After the wait a single unit tries whether the destination is back.
        guard now.steady >= backoff.until, flights.isEmpty else { return nil }
        return nextProbe(now: now.clock)
    }

    /// Lets nothing wait for longer than anything has to: a moment beyond that is by a clock that has been set back since.
    private mutating func bringForward(now: Moment) {
        let latest = now.clock + max(configuration.retry.maximumDelay, RetryAfter.longest)
        // Who waits for longer need not be the first: one that has failed since may be due before.
        let isSetBack = lastLook.map { (now.clock - $0.clock) - (now.steady - $0.steady) < .seconds(-1) } ?? true
        lastLook = now
        guard isSetBack || waiting.first.map({ $0.wait.due > latest }) ?? false else { return }
        for var delivery in parked.values where delivery.due > latest {
            // What has never been tried waits for no moment, only for its turn.
            delivery.due = delivery.attempts == 0 && delivery.unit == nil ? now.clock : latest
            park(delivery)
        }
    }

    /// Another unit each time, as long as there is one: where a single event is to blame, the others show that it is.
    private mutating func nextProbe(now: Timestamp) -> Unit? {
        if !suspects.tried.isEmpty,
            let other = nextParked(now: now, sparing: true) ?? nextFresh(now: now, sparing: true)
        {
            return other
        }
        // All have had their turn.
        suspects.beginRound()
        return nextParked(now: now) ?? nextFresh(now: now)
    }

    /// The moment at which ``next(now:)`` may have something, where nothing else happens before; by the clock that nobody sets.
    package func wakeTime(now: Moment) -> Timestamp? {
        guard pause == nil, flights.count < configuration.delivery.concurrency else { return nil }
        let due = firstDue(now: now)
        guard let backoff else { return due }
        if !flights.isEmpty { return nil }
        // A wait that is over and has handed nothing out ends with what is due.
        if hasReady, backoff.until > now.steady { return backoff.until }
        return due.map { max($0, backoff.until) }
    }

    /// When the first of what waits is due, by the clock that nobody sets.
    private func firstDue(now: Moment) -> Timestamp? {
        waiting.first.map { now.steady + ($0.wait.due - now.clock) }
    }

    /// Whether new events change nothing: it is paused, or has something to try when the wait for the destination is over.
    func isAsleep(now: Moment) -> Bool {
        if pause != nil { return true }
        guard let backoff else { return false }
        return hasReady || firstDue(now: now).map { $0 <= backoff.until } ?? false
    }

    private var hasReady: Bool { firstReady < entries.count && entries[firstReady...].contains { $0.isReady } }

    /// - Parameter sparing: whether what has been probed is left out.
    private mutating func nextParked(now: Timestamp, sparing: Bool = false) -> Unit? {
        guard let (lane, wait) = firstWaiting(sparing: sparing), wait.due <= now,
            let first = lanes[lane]?.first, let head = parked[first]
        else { return nil }
        let positions: [Position]
        if head.unit != nil {
            // A batch that failed keeps its composition; it goes when it is the head of all its lanes.
            positions = head.unit.flatMap { units[$0] }.map { $0.sorted() } ?? [first]
            guard positions.allSatisfy({ isHeadOfLane($0, unit: head.unit) }) else {
                // A lane of it still has an earlier event: look again when that one is concluded.
                waiting[lane] = nil
                return nextParked(now: now, sparing: sparing)
            }
        } else {
            positions = untried(of: lane)
        }
        return launch(positions, attempts: head.attempts, isRedelivery: head.isRedelivery)
    }

    /// The events at the head of a lane that have never been sent, as many as go out together.
    private func untried(of lane: Lane) -> [Position] {
        var positions: [Position] = []
        var byteCount = 0
        let limit = maximumUnit
        for position in lanes[lane, default: []] {
            guard positions.count < limit, let delivery = parked[position], delivery.unit == nil else { break }
            byteCount += parkedBytes[position] ?? 0
            if !positions.isEmpty, byteCount > configuration.delivery.maximumBytes { break }
            positions.append(position)
        }
        return positions
    }

    /// Events that go out together, at the most.
    private var maximumUnit: Int {
        let delivery = configuration.delivery
        return delivery.mode == .independent ? 1 : unitSize.limit(within: delivery.maximumEvents)
    }

    /// Whether it was parked by an earlier life of the process, behind another.
    private func isOfUnknownSize(_ position: Position) -> Bool {
        guard let delivery = parked[position] else { return false }
        return delivery.unit == nil && parkedBytes[position] == nil
    }

    /// The head of a lane that is due first.
    private func firstWaiting(sparing: Bool) -> (lane: Lane, wait: Wait)? {
        guard sparing else { return waiting.first }
        let others = waiting.waits.filter { !suspects.tried.contains($0.value.position) }
        return others.min { $0.value < $1.value }.map { ($0.key, $0.value) }
    }

    /// Whether nothing but members of its own batch stands before a parked event.
    private func isHeadOfLane(_ position: Position, unit: Position?) -> Bool {
        guard let delivery = parked[position] else { return false }
        let lane = lane(of: delivery)
        guard !busy.contains(lane), let first = lanes[lane]?.first else { return false }
        return parked[first]?.unit == unit
    }

    /// - Parameter sparing: whether what has been probed is left out, and what comes behind it in its lane.
    private mutating func nextFresh(now: Timestamp, sparing: Bool = false) -> Unit? {
        var positions: [Position] = []
        var byteCount = 0
        var taken: Set<Lane> = []
        var spared: Set<Lane> = []
        var index = firstReady
        var mayRaiseFloor = true
        let limit = maximumUnit
        while index < entries.count, positions.count < limit {
            let entry = entries[index]
            if entry.isReady {
                // Whether a later one takes its place is not known yet.
                guard isExamined(entry.position) else { break }
                // Looking something up in an empty dictionary costs its hash all the same.
                let hasParked = !lanes.isEmpty && lanes[entry.lane] != nil
                if hasParked, configuration.order == .resource {
                    // An earlier event of its resource is parked: it waits behind that one, and the cursor may pass.
                    guard parked.count - redeliveryCount < configuration.maximumParked else { break }
                    entries[index].status = .parked
                    var delivery = ParkedDelivery(
                        position: entry.position,
                        lane: entry.resource,
                        unit: nil,
                        attempts: 0,
                        due: now,
                        reason: "waits behind an earlier event of its resource",
                        isRedelivery: false
                    )
                    delivery.isResynchronised = isResynchronised(entry)
                    parkedBytes[entry.position] = entry.byteCount
                    park(delivery)
                } else if hasParked || !busy.isEmpty && busy.contains(entry.lane) {
                    mayRaiseFloor = false
                    if configuration.order == .strict { break }
                } else if sparing, suspects.tried.contains(entry.position) || spared.contains(entry.lane) {
                    mayRaiseFloor = false
                    spared.insert(entry.lane)
                } else if !positions.isEmpty, byteCount + entry.byteCount > configuration.delivery.maximumBytes {
                    break
                } else {
                    positions.append(entry.position)
                    byteCount += entry.byteCount
                    taken.insert(entry.lane)
                    entries[index].status = .inFlight
                }
            }
            index += 1
            if mayRaiseFloor { firstReady = index }
        }
        advanceCursor()
        guard !positions.isEmpty else { return nil }
        return launch(positions, lanes: taken, attempts: 0, isRedelivery: false)
    }

    private mutating func launch(_ positions: [Position], attempts: Int, isRedelivery: Bool) -> Unit {
        let lanes = Set(positions.compactMap { parked[$0].map(lane(of:)) })
        for lane in lanes { waiting[lane] = nil }
        return launch(positions, lanes: lanes, attempts: attempts, isRedelivery: isRedelivery)
    }

    private mutating func launch(
        _ positions: [Position],
        lanes: Set<Lane>,
        attempts: Int,
        isRedelivery: Bool
    ) -> Unit {
        let id = nextFlight
        nextFlight += 1
        busy.formUnion(lanes)
        flights[id] = Flight(positions: positions, attempts: attempts)
        return Unit(
            id: id,
            positions: positions,
            attempts: attempts,
            isRedelivery: isRedelivery,
            resynchronised: resynchronised(positions),
            mayBeCut: !parked.isEmpty && positions.count > 1 && positions.contains(where: isOfUnknownSize)
        )
    }
}
