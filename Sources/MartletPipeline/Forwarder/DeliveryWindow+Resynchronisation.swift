import DequeModule
package import Martlet

// What is sent when the destination is back after an outage, where only what is current is wanted.
//
// When the destination is about to be tried, the stretch from the cursor to the head of the log becomes one of which the last
// event of each resource is sent, marked, and the earlier ones are skipped. Whether an event has a later one within the stretch
// is asked of the index, before it may go. What is parked or has been handed over keeps what has become of it. While the
// destination stays away, the end of the stretch moves on with each try; the stretch is over when the cursor has passed it.

extension DeliveryWindow {
    /// A time in which the destination has taken nothing.
    struct Outage: Sendable {
        /// By the clock that nobody sets; `nil` for longer than this process lives.
        var since: Timestamp?
    }

    /// What is to be asked before more may go.
    package struct Examination: Sendable {
        /// The events that are asked about, ascending.
        package var candidates: [(position: Position, key: ResourceKey)]
        /// All up to here is known with the answer.
        package var examines: Position
        /// The last position of the stretch.
        package var through: Position
    }

    /// Begins a stretch, or moves the end of the one there is, where the destination is about to be tried after an outage.
    ///
    /// - Parameter head: the last position of the log.
    /// - Returns: whether one has begun.
    package mutating func beginResynchronisation(head: Position, now: Moment) -> Bool {
        guard configuration.afterOutage == .latest, pause == nil, flights.isEmpty, let outage,
            backoff.map({ now.steady >= $0.until }) ?? true, head > cursor, head > resynchronisation?.through ?? .zero
        else { return false }
        let isLong = outage.since.map { now.steady - $0 >= configuration.outage } ?? true
        guard isLong || resynchronisation != nil else { return false }
        examinedThrough = cursor
        unsaved.resynchronisationChanged = true
        guard resynchronisation == nil else {
            resynchronisation?.through = head
            return false
        }
        resynchronisation = Resynchronisation(from: cursor, through: head)
        return true
    }

    /// What is to be asked now; `nil` where all is known that has been read.
    package var examination: Examination? {
        guard let through = resynchronisation?.through else { return nil }
        let end = min(through, classifiedThrough)
        guard examinedThrough < end else { return nil }
        var candidates: [(position: Position, key: ResourceKey)] = []
        for entry in entries[firstIndex(after: examinedThrough)...] where entry.isReady {
            guard entry.position <= end else { break }
            if let key = entry.resource { candidates.append((entry.position, key)) }
        }
        return Examination(candidates: candidates, examines: end, through: through)
    }

    /// Takes the answer.
    ///
    /// - Parameter superseded: those of the events that a later one of the stretch takes the place of.
    package mutating func finish(_ examination: Examination, superseded: some Sequence<Position>) {
        // Another stretch, or none, asks something else.
        guard resynchronisation?.through == examination.through else { return }
        for position in superseded {
            guard let index = entryIndex(of: position), entries[index].isReady else { continue }
            heldBytes -= entries[index].byteCount
            entries[index].byteCount = 0
            conclude(position, as: .superseded)
        }
        examinedThrough = max(examinedThrough, examination.examines)
        advanceCursor()
    }

    /// The stretch that is over and has not been told of, once.
    package mutating func takeOverResynchronisation() -> Resynchronisation? {
        defer { overResynchronisation = nil }
        return overResynchronisation
    }
}

extension DeliveryWindow {
    /// Goes on with the stretch that an earlier life of the process has left.
    mutating func takeUp(_ known: Resynchronisation?) {
        if configuration.afterOutage == .latest, pause?.cause == .gone || pause?.cause == .unavailable {
            outage = Outage(since: nil)
        }
        guard let known else { return }
        (resynchronisation, examinedThrough) = (known, cursor)
        if configuration.afterOutage == .replay || known.through <= cursor { endResynchronisation() }
    }

    mutating func beginOutage(now: Timestamp) {
        if outage == nil { outage = Outage(since: now) }
    }

    /// Ends the stretch: what lies beyond the cursor goes event by event, but for what has been skipped already.
    mutating func endResynchronisation() {
        guard var known = resynchronisation else { return }
        func settle(_ entries: inout Deque<Entry>) {
            for index in entries.indices {
                guard case .superseded = entries[index].status else { continue }
                entries[index].status = .skipped
                known.skipped += 1
            }
        }
        settle(&entries)
        settle(&settled)
        resynchronisation = nil
        overResynchronisation = known
        unsaved.resynchronisationChanged = true
    }

    /// Counts an event of which a later one of its resource tells more.
    mutating func countSuperseded() {
        unsaved.counts.skipped += 1
        unsaved.resynchronisationChanged = true
        resynchronisation?.skipped += 1
    }

    /// Whether it is known that an event is to be sent.
    func isExamined(_ position: Position) -> Bool {
        guard let through = resynchronisation?.through else { return true }
        return position <= examinedThrough || position > through
    }

    /// Whether an event stands for the earlier ones of its resource too.
    func isResynchronised(_ entry: Entry) -> Bool {
        guard let through = resynchronisation?.through else { return false }
        return entry.resource != nil && entry.position <= through
    }

    /// Those of these events that are marked.
    func resynchronised(_ positions: [Position]) -> Set<Position> {
        if resynchronisation == nil, parked.isEmpty { return [] }
        return Set(
            positions.filter { position in
                if let delivery = parked[position] { return delivery.isResynchronised }
                return entryIndex(of: position).map { isResynchronised(entries[$0]) } ?? false
            }
        )
    }

    /// The index of the first entry behind a position.
    private func firstIndex(after position: Position) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
