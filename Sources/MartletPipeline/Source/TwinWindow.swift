import MartletClouds

/// Finds the second of two events that tell of one deed in two forms.
///
/// Only what has been taken in is remembered, and a form by itself is never dropped: where a cloud sends one form alone,
/// or the other one is lost on the way, what came stays. Bounded; what has been forgotten is a repetition, not a loss.
struct TwinWindow {
    private struct Entry {
        var form: String
        /// How many of this form are without their twin.
        var count = 1
        var slot: Int
    }

    private var entries: [String: Entry] = [:]
    private var deeds: [String?]
    private var next = 0

    init(capacity: Int = 4_096) { deeds = Array(repeating: nil, count: capacity) }

    /// Whether the twin of this event has been taken in; otherwise this one is remembered.
    mutating func isSecond(_ twin: Twin) -> Bool {
        guard var entry = entries[twin.deed] else {
            remember(twin)
            return false
        }
        let isSecond = entry.form != twin.form
        entry.count += isSecond ? -1 : 1
        entries[twin.deed] = entry.count == 0 ? nil : entry
        return isSecond
    }

    /// The oldest gives way.
    private mutating func remember(_ twin: Twin) {
        if let oldest = deeds[next], entries[oldest]?.slot == next { entries[oldest] = nil }
        entries[twin.deed] = Entry(form: twin.form, slot: next)
        deeds[next] = twin.deed
        next = (next + 1) % deeds.count
    }
}
