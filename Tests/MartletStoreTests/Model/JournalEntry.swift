import Martlet
import MartletPipeline

/// What a destination was handed, and what it answered, in order.
struct JournalEntry: Sendable {
    var positions: [Position]
    /// One for each of the positions.
    var answers: [DeliveryOutcome]
    /// Whether all of them are marked as part of a replay.
    var isMarked: Bool
    /// Whether none of them tells what the gate may take out; `nil` where none of them has it.
    var isProtected: Bool?
    /// The way that it came by.
    var sink: ModelSink
    /// Whether that had been closed before.
    var isLate: Bool
    /// When it was handed over, by the clock that nobody sets, and when it was answered, by the other.
    var began: Timestamp
    var answered: Timestamp
}
