import Martlet
import MartletPipeline

/// What a destination was handed, and what it answered, in order.
struct JournalEntry: Sendable {
    var positions: [Position]
    /// One for each of the positions.
    var answers: [DeliveryOutcome]
    /// Whether all of them are marked as part of a replay.
    var isMarked: Bool
    /// Those that are said to stand for earlier events of their resource too.
    var resynchronised: Set<Int64>
    /// Whether none of them tells what the gate may take out; `nil` where none of them has it.
    var isProtected: Bool?
    /// The way that it came by.
    var sink: ModelSink
    /// Whether that had been closed before.
    var isLate: Bool
    /// When it was handed over and answered, by the clock that nobody sets.
    var began: Timestamp
    var ended: Timestamp
    /// When it was answered, by the other clock.
    var answered: Timestamp

    /// Whether the destination took none of it, for its own reasons.
    var isUnavailable: Bool { answers.allSatisfy { if case .unavailable = $0 { true } else { false } } }

    /// Promise 7: what goes out together is bounded.
    func checkSize(_ log: ModelLog) throws {
        let byteCount = positions.reduce(0) { $0 + log[$1.rawValue].content.utf8.count }
        if positions.count > 1, byteCount > sink.delivery.maximumBytes {
            throw Violation(7, "\(positions) went out together, \(byteCount) bytes")
        }
    }
}
