/// A moment in UTC, in nanoseconds since 1970-01-01T00:00:00Z; spans the years 1678 to 2262.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Nanoseconds since the epoch.
    public var nanoseconds: Int64

    /// - Parameter nanoseconds: since the epoch.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// - Parameter milliseconds: since the epoch; what is out of range becomes the nearest end of it.
    public init(milliseconds: Int64) { self.init(milliseconds, of: 1_000_000) }

    /// - Parameter seconds: since the epoch; what is out of range becomes the nearest end of it.
    public init(seconds: Int64) { self.init(seconds, of: 1_000_000_000) }

    private init(_ count: Int64, of unit: Int64) {
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        nanoseconds = overflow ? (count < 0 ? .min : .max) : product
    }

    /// Milliseconds since the epoch, rounded down.
    public var milliseconds: Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Whether one moment is before another.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The moment a while later; saturates at the ends of the range.
    public static func + (left: Timestamp, right: Duration) -> Timestamp {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Timestamp(nanoseconds: overflow ? (right.nanoseconds < 0 ? .min : .max) : sum)
    }

    /// The time from one moment to another; saturates at 292 years.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return .nanoseconds(overflow ? (left < right ? .min : .max) : difference)
    }
}

extension Duration {
    /// The whole duration in nanoseconds; saturates beyond 292 years.
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (total, overflows) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflows ? (seconds < 0 ? .min : .max) : total
    }

    /// The duration in seconds, fractions included.
    public var inSeconds: Double { Double(nanoseconds) / 1e9 }
}

extension Timestamp {
    /// The civil date and time of a calendar without time zones, as read from a text.
    ///
    /// Converted with the days-from-civil algorithm of the proleptic Gregorian calendar.
    init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, nanosecond: Int, offsetMinutes: Int) {
        guard (1678...2261).contains(year), (1...12).contains(month), day >= 1,
            day <= Timestamp.days(in: month, of: year), (0...23).contains(hour), (0...59).contains(minute),
            (0...60).contains(second), abs(offsetMinutes) <= 24 * 60
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + hour * 3_600 + (minute - offsetMinutes) * 60 + second
        // The last year that Int64 reaches ends in April.
        let (whole, isTooFar) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (total, overflows) = whole.addingReportingOverflow(Int64(nanosecond))
        guard !isTooFar, !overflows else { return nil }
        self.init(nanoseconds: total)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
