/// Repeated measurements of a few things in turn, so that what the machine does meanwhile meets them all.
struct Rounds {
    private(set) var measurements: [String: [Measurement]] = [:]

    /// Runs rounds while another one can be expected to end in time: one at least, three at most.
    static func run(within seconds: Double, _ round: (inout Rounds) async throws -> Void) async throws -> Rounds {
        var rounds = Rounds()
        let start = Measurement.now()
        var longest = 0.0
        for _ in 0..<3 where Measurement.now() - start + longest <= seconds {
            let begin = Measurement.now()
            try await round(&rounds)
            longest = max(longest, Measurement.now() - begin)
        }
        return rounds
    }

    mutating func add(_ name: String, _ measurement: Measurement) {
        measurements[name, default: []].append(measurement)
    }

    /// Prints the medians of one thing, and its rate beside another's of the same round.
    func report(_ name: String, beside other: String? = nil) {
        guard let own = measurements[name] else { return }
        var columns = [
            Report.microseconds(Report.percentile(own.map(\.microsecondsOfCPU), 0.5)),
            Report.rate(Report.percentile(own.map(\.rate), 0.5)),
        ]
        if let other, let others = measurements[other] {
            let ratios = zip(own, others).map { $0.rate / $1.rate }
            columns.append(Report.ratio(Report.percentile(ratios, 0.5), other))
        }
        Report.line(name, columns.joined(separator: "  "))
    }
}
