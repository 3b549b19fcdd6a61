extension Duration {
    /// Reads `500ms`, `15s`, `5m`, `1h`, `30d`; `nil` for anything else, negative ones included.
    public init?(text: some StringProtocol) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let value = Int64(digits) else { return nil }
        let unit: Int64
        switch text.dropFirst(digits.count) {
        case "ms": unit = 1_000_000
        case "s": unit = 1_000_000_000
        case "m": unit = 60 * 1_000_000_000
        case "h": unit = 3_600 * 1_000_000_000
        case "d": unit = 86_400 * 1_000_000_000
        default: return nil
        }
        let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        self = .nanoseconds(nanoseconds)
    }

    /// What ``init(text:)`` reads, in the largest unit that divides it, and no finer than milliseconds.
    public var text: String {
        let milliseconds = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
        for (unit, letter) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")] as [(Int64, String)]
        where milliseconds >= unit && milliseconds.isMultiple(of: unit) {
            return "\(milliseconds / unit)\(letter)"
        }
        return "\(milliseconds)ms"
    }
}
