import Martlet

// What goes to the store, and comes back where that failed.

extension DeliveryWindow {
    /// What has happened since the last save, to be committed in one transaction; `nil` where nothing has.
    ///
    /// Where the commit fails it goes back with ``restore(_:)``.
    package mutating func takeProgress() -> ForwarderProgress? {
        let passed = unsaved.parked.filter { $0 <= cursor }
        guard
            unsaved.savedCursor != cursor || !passed.isEmpty || unsaved.pauseChanged || unsaved.errorChanged
                || !unsaved.deadLetters.isEmpty || !unsaved.removedDeadLetters.isEmpty
                || unsaved.resynchronisationChanged || unsaved.counts != DeliveryCounts()
        else { return nil }
        var progress = ForwarderProgress(forwarder: forwarder, cursor: cursor)
        progress.counts = unsaved.counts
        for position in passed.sorted() {
            if let delivery = parked[position] {
                progress.parked.append(delivery)
            } else {
                progress.unparked.append(position)
            }
        }
        progress.deadLetters = unsaved.deadLetters
        progress.removedDeadLetters = unsaved.removedDeadLetters
        if unsaved.pauseChanged { progress.pause = .some(pause) }
        if unsaved.errorChanged { progress.lastError = .some(lastError) }
        if unsaved.resynchronisationChanged { progress.resynchronisation = .some(resynchronisation) }
        let rest = unsaved.parked.subtracting(passed)
        unsaved = Unsaved()
        unsaved.parked = rest
        unsaved.savedCursor = cursor
        return progress
    }

    /// Takes back what could not be committed: it is part of the next progress.
    package mutating func restore(_ progress: ForwarderProgress) {
        unsaved.savedCursor = nil
        unsaved.counts += progress.counts
        unsaved.parked.formUnion(progress.parked.map(\.position))
        unsaved.parked.formUnion(progress.unparked)
        unsaved.deadLetters = progress.deadLetters + unsaved.deadLetters
        unsaved.removedDeadLetters = progress.removedDeadLetters + unsaved.removedDeadLetters
        if progress.pause != nil { unsaved.pauseChanged = true }
        if progress.lastError != nil { unsaved.errorChanged = true }
        if progress.resynchronisation != nil { unsaved.resynchronisationChanged = true }
    }
}
