import Foundation
import Martlet
import MartletPipeline

/// The wall clock of the user: what time it is, and how a moment reads on it.
struct WallClock: Sendable {
    /// A moment as a calendar and a clock show it.
    struct Reading: Hashable, Sendable {
        /// `2026-01-30`.
        var date: String
        /// `11:38:35`.
        var time: String

        var dateAndTime: String { "\(date) \(time)" }
    }

    var now: @Sendable () -> Timestamp
    var read: @Sendable (Timestamp) -> Reading

    /// The system's time in the zone of the environment (`TZ`).
    static let system = WallClock(now: { SystemTime().now }, read: { Reading($0, by: localtime_r) })

    /// The moment in UTC, for tests and for nobody's zone.
    static func utc(now: @escaping @Sendable () -> Timestamp) -> WallClock {
        WallClock(now: now, read: { Reading($0, by: gmtime_r) })
    }
}

extension WallClock.Reading {
    fileprivate typealias Conversion = (UnsafePointer<time_t>?, UnsafeMutablePointer<tm>?) -> UnsafeMutablePointer<tm>?

    fileprivate init(_ moment: Timestamp, by convert: Conversion) {
        let milliseconds = moment.milliseconds
        var seconds = time_t(milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000)
        var parts = tm()
        _ = convert(&seconds, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        date = "\(parts.tm_year + 1_900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        time = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    }
}
