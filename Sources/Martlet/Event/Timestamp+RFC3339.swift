extension Timestamp {
    /// Reads RFC 3339 (`2026-01-30T11:38:35.123Z`) and its relatives in the clouds: a blank for the `T`, a blank before
    /// the zone, a zone without colon (`+0700`), up to nine digits of a second.
    ///
    /// - Returns: `nil` where the text is no such moment or has no zone.
    public init?(_ text: some StringProtocol) {
        // Concrete from here on: a generic scanner across modules costs 30 times as much.
        let parsed = text.utf8.withContiguousStorageIfAvailable { Timestamp(utf8: $0) }
        guard let moment = parsed ?? Array(text.utf8).withUnsafeBufferPointer({ Timestamp(utf8: $0) }) else {
            return nil
        }
        self = moment
    }

    private init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = DigitScanner(bytes)
        guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
            let day = scanner.digits(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.digits(2), scanner.skip(":"), let minute = scanner.digits(2), scanner.skip(":"),
            let second = scanner.digits(2)
        else { return nil }
        let nanosecond = scanner.skip(".") ? scanner.fraction() : 0
        _ = scanner.skip(" ")
        guard let nanosecond, let offset = scanner.zone(), scanner.isAtEnd else { return nil }
        self.init(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            nanosecond: nanosecond,
            offsetMinutes: offset
        )
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with no, three, six or nine digits of a second, as few as keep the value.
    public var description: String {
        var rest = nanoseconds % 1_000_000_000
        var seconds = nanoseconds / 1_000_000_000
        if rest < 0 {
            rest += 1_000_000_000
            seconds -= 1
        }
        var days = seconds / 86_400
        var secondOfDay = seconds % 86_400
        if secondOfDay < 0 {
            secondOfDay += 86_400
            days -= 1
        }
        let (year, month, day) = Timestamp.civil(days: days)
        let (fraction, digits) =
            switch rest {
            case 0: (0 as Int64, 0)
            case _ where rest % 1_000_000 == 0: (rest / 1_000_000, 3)
            case _ where rest % 1_000 == 0: (rest / 1_000, 6)
            default: (rest, 9)
            }
        // Written into the text's own memory at once: appending piece by piece costs five times as much.
        return String(unsafeUninitializedCapacity: 30) { text in
            var writer = DigitWriter(text)
            writer.write(year, width: 4, then: "-")
            writer.write(month, width: 2, then: "-")
            writer.write(day, width: 2, then: "T")
            writer.write(secondOfDay / 3_600, width: 2, then: ":")
            writer.write(secondOfDay / 60 % 60, width: 2, then: ":")
            writer.write(secondOfDay % 60, width: 2, then: digits == 0 ? "Z" : ".")
            if digits > 0 { writer.write(fraction, width: digits, then: "Z") }
            return writer.count
        }
    }

    /// The civil date of a day since the epoch (Howard Hinnant's civil-from-days).
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

/// Reads fixed-width numbers from ASCII without making strings.
private struct DigitScanner {
    private var rest: Slice<UnsafeBufferPointer<UInt8>>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digits(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = rest.first, (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
            rest.removeFirst()
        }
        return value
    }

    /// Up to nine digits as nanoseconds; further ones are read and dropped.
    mutating func fraction() -> Int? {
        var value = 0
        var count = 0
        while let digit = rest.first, (0x30...0x39).contains(digit) {
            if count < 9 { value = value * 10 + Int(digit - 0x30) }
            count += 1
            rest.removeFirst()
        }
        guard count > 0 else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }

    /// Minutes east of UTC: `Z`, `+07:00` or `+0700`.
    mutating func zone() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = digits(2) else { return nil }
        _ = skip(":")
        guard let minutes = digits(2) else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

/// Writes fixed-width numbers as ASCII.
private struct DigitWriter {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    /// Writes a number that has no more than so many digits, and what follows it.
    mutating func write(_ value: Int64, width: Int, then mark: Unicode.Scalar) {
        var rest = value
        for index in (count..<count + width).reversed() {
            bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        bytes[count + width] = UInt8(ascii: mark)
        count += width + 1
    }
}
