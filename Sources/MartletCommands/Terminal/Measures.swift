import Martlet

/// Sizes, counts and durations as people read them.
enum Measures {
    /// `512 B`, `1.5 KiB`, `23 MiB`: two digits at least, three at most.
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1_024 else { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = ""
        for next in ["KiB", "MiB", "GiB", "TiB", "PiB"] where value >= 1_023.5 || unit.isEmpty {
            value /= 1_024
            unit = next
        }
        let tenths = Int((value * 10).rounded())
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(Int(value.rounded())) \(unit)"
    }

    /// `12,345`.
    static func count(_ value: some BinaryInteger) -> String {
        var digits = String(value.magnitude)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return value < 0 ? "-" + digits : digits
    }

    /// A number of things a second with two digits that count, so that it stands still: `12,000`.
    static func rate(_ perSecond: Double) -> String {
        var unit = 1
        while perSecond / Double(unit) >= 100 { unit *= 10 }
        return count(Int((perSecond / Double(unit)).rounded()) * unit)
    }

    /// `0 s`, `45 s`, `3 min`, `2 h 5 min`, `3 d 4 h`: the two largest units, minutes and below by themselves.
    static func duration(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3_600: return "\(seconds / 60) min"
        case ..<86_400: return pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
        default: return pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
        }
    }

    /// `45 s ago`, `3 min ago`, `2 h ago`, `294 d ago`; nothing for what is still to come.
    static func age(_ duration: Duration) -> String {
        switch duration.components.seconds {
        case ..<0: ""
        case let seconds where seconds < 86_400:
            "\(Measures.duration(.seconds(seconds < 3_600 ? seconds : seconds / 3_600 * 3_600))) ago"
        case let seconds: "\(seconds / 86_400) d ago"
        }
    }

    /// What is left of something, rounded so that it does not flicker: to five seconds, then to minutes, then to ten.
    static func remaining(_ duration: Duration) -> String {
        let seconds = max(0, duration.inSeconds)
        switch seconds {
        case ..<57.5: return "\(max(5, Int((seconds / 5).rounded()) * 5)) s"
        case ..<3_570: return "\(max(1, Int((seconds / 60).rounded()))) min"
        default:
            let minutes = Int((seconds / 600).rounded()) * 10
            return pair(Int64(minutes / 60), "h", Int64(minutes % 60), "min")
        }
    }

    private static func pair(_ first: Int64, _ unit: String, _ second: Int64, _ smaller: String) -> String {
        second == 0 ? "\(first) \(unit)" : "\(first) \(unit) \(second) \(smaller)"
    }
}
