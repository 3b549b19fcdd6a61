package import Martlet

/// The `Retry-After` of an answer (RFC 9110, section 10.2.3): seconds, or a date.
package struct RetryAfter: Hashable {
    /// From no time at all to an hour: a receiver may slow a forwarder down, not put it to sleep.
    package let duration: Duration

    static let longest = Duration.seconds(3_600)

    /// Reads the field's value; `nil` where it is neither.
    package init?(_ text: String, now: Timestamp) {
        let wait: Duration
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number too large to read is long, whatever it is.
            wait = Int64(text).map { .seconds(min($0, 86_400)) } ?? Self.longest
        } else if let date = Timestamp(httpDate: text) {
            wait = date - now
        } else {
            return nil
        }
        duration = min(max(wait, .zero), Self.longest)
    }
}

extension Timestamp {
    /// Reads an HTTP date in any of the three forms that RFC 9110, section 5.6.7, has receivers accept.
    init?(httpDate text: String) {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" || $0 == ":" }
        let parts: (day: Substring, month: Substring, year: Substring, time: ArraySlice<Substring>)
        if words.count == 8, words[7] == "GMT" {
            // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
            parts = (words[1], words[2], words[3], words[4..<7])
        } else if words.count == 7 {
            // Sun Nov  6 08:49:37 1994
            parts = (words[2], words[1], words[6], words[3..<6])
        } else {
            return nil
        }
        guard let month = Self.months.firstIndex(where: { $0 == parts.month }), let year = Int(parts.year) else {
            return nil
        }
        // A year of two digits is of this century: nobody asks for another attempt in the last one.
        let fullYear = parts.year.count == 2 ? 2_000 + year : year
        let date = [String(fullYear), Self.padded("\(month + 1)"), Self.padded(parts.day)].joined(separator: "-")
        self.init("\(date)T\(parts.time.joined(separator: ":"))Z")
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func padded(_ digits: some StringProtocol) -> String {
        digits.count == 1 ? "0\(digits)" : "\(digits)"
    }
}
