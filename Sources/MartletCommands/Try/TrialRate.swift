import Martlet

/// How many events a second have come of late: over the last five seconds, or since the beginning where that is shorter.
struct TrialRate: Sendable {
    private static let window = Duration.seconds(5)
    /// Below that, a rate says nothing.
    private static let leastTime = Duration.milliseconds(500)

    private struct Sample {
        var time: Timestamp
        var events: Int
    }

    private var samples: [Sample] = []

    /// Notes how many events there were at a moment. Time that goes back begins anew.
    mutating func note(_ events: Int, at now: Timestamp) {
        if let last = samples.last, now < last.time { samples = [] }
        samples.append(Sample(time: now, events: events))
        // One sample older than the window stays: the window begins with it.
        while samples.count > 2, now - samples[1].time >= Self.window { samples.removeFirst() }
    }

    /// Events a second; `nil` while it says nothing.
    var perSecond: Double? {
        guard let first = samples.first, let last = samples.last, last.time - first.time >= Self.leastTime else {
            return nil
        }
        return Double(last.events - first.events) / (last.time - first.time).inSeconds
    }
}
