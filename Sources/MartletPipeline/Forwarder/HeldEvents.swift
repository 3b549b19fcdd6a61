import DequeModule
import Martlet

/// The events that a forwarder keeps in memory for sending, by their positions.
///
/// They come in ascending order and leave mostly in that order, so they lie in a queue, and a position is looked up where it
/// would stand if none were missing. A dictionary costs as much as all else about holding an event.
struct HeldEvents {
    private struct Entry {
        let position: Position
        /// `nil` once it has left.
        var event: StoredEvent?
    }

    private var entries = Deque<Entry>()
    private(set) var count = 0

    /// Adds an event; one that is there already, or would stand before others, takes its place among them.
    mutating func insert(_ event: StoredEvent) {
        let position = event.position
        if let last = entries.last, last.position >= position {
            let index = index(notBefore: position)
            if entries[index].position == position {
                if entries[index].event == nil { count += 1 }
                entries[index].event = event
                return
            }
            entries.insert(Entry(position: position, event: event), at: index)
        } else {
            entries.append(Entry(position: position, event: event))
        }
        count += 1
    }

    /// The event at a position.
    subscript(position: Position) -> StoredEvent? {
        let index = index(notBefore: position)
        guard index < entries.count, entries[index].position == position else { return nil }
        return entries[index].event
    }

    /// Lets go of the event at a position.
    mutating func remove(_ position: Position) {
        let index = index(notBefore: position)
        guard index < entries.count, entries[index].position == position, entries[index].event != nil else { return }
        entries[index].event = nil
        count -= 1
        while let first = entries.first, first.event == nil { entries.removeFirst() }
        // One that stays, in front of many that have left, does not keep their places.
        if entries.count > 64 + 2 * count { entries.removeAll { $0.event == nil } }
    }

    mutating func removeAll() { (entries, count) = ([], 0) }

    /// Keeps those events alone for whose positions this holds.
    mutating func keep(where isWanted: (Position) -> Bool) {
        entries.removeAll { $0.event == nil || !isWanted($0.position) }
        count = entries.count
    }

    /// Lets go of events that were parked behind others, which stay in the store only; not at each one, but before they are
    /// many beside those that the window has bounded.
    mutating func letGoOfParked(in window: DeliveryWindow) {
        guard count > 64 + 2 * window.entries.count else { return }
        keep { window.holds($0) }
    }

    /// The index of the first entry at a position or behind it.
    private func index(notBefore position: Position) -> Int {
        guard let first = entries.first else { return 0 }
        let guess = Int(clamping: position.rawValue - first.position.rawValue)
        if guess >= 0, guess < entries.count, entries[guess].position == position { return guess }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
