import Martlet

/// Writes the moments of a day as CloudStack does: `yyyy-MM-dd HH:mm:ss Z` in the zone of its server.
struct DayClock: Sendable {
    let start: Timestamp
    let minutesEastOfUTC: Int

    /// The midnight before a moment, where the cloud is.
    static func midnight(before moment: Timestamp, minutesEastOfUTC: Int) -> Timestamp {
        let offset = Int64(minutesEastOfUTC) * 60_000
        let local = moment.milliseconds + offset
        let remainder = local % 86_400_000
        return Timestamp(milliseconds: local - (remainder < 0 ? remainder + 86_400_000 : remainder) - offset)
    }

    /// `2026-01-30 11:38:35 +0530`
    func text(_ offset: Duration) -> String {
        let local = start + offset + .seconds(minutesEastOfUTC * 60)
        // `2026-01-30T11:38:35Z`, with a fraction where there is one.
        let digits = local.description.prefix(19)
        return "\(digits.prefix(10)) \(digits.suffix(8)) \(zone)"
    }

    private var zone: String {
        let minutes = abs(minutesEastOfUTC)
        let number = minutes / 60 * 100 + minutes % 60
        let digits = String(number)
        return (minutesEastOfUTC < 0 ? "-" : "+") + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
