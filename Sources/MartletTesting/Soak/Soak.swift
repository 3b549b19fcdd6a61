import Foundation
package import Testing

/// A test of many rounds: a fixed few in `make test`, as many as there is time for in `make soak`.
///
/// Each round has a seed, and everything random in it comes from that: the round can be run again. A round that goes wrong
/// throws (`#require`); the test ends there and names the seed and the command that runs that round alone. The environment
/// says how long:
///
/// - `MARTLET_SOAK_SECONDS`: rounds until so much time is over, but always one;
/// - `MARTLET_SOAK_ROUNDS`: so many rounds, at the most where there are seconds too;
/// - `MARTLET_SOAK_SEED`: the seed of the first round, of which each further one has the next;
/// - `MARTLET_SOAK_REPORT`: a file that a line is appended to at the end, for the table of `Scripts/soak`.
///
/// ```swift
/// @Test func `what was stored is read again, whatever it is`() async throws {
///     try await Soak("model", rounds: 300).run { round in
///         var random = round.generator
///         …
///     }
/// }
/// ```
package struct Soak: Sendable {
    /// One of the rounds.
    package struct Round: Sendable {
        /// Counted from 0.
        package let number: Int
        package let seed: UInt64

        /// The source of everything random in it, from its beginning.
        package var generator: SeededGenerator { SeededGenerator(seed: seed) }
    }

    /// Whether there is time for more than the usual rounds.
    package static var isOn: Bool { ProcessInfo.processInfo.environment["MARTLET_SOAK_SECONDS"] != nil }

    private let part: String
    private let rounds: Int?
    private let seconds: Double?
    private let firstSeed: UInt64
    private let report: String?

    /// - Parameters:
    ///   - part: its name in the table.
    ///   - rounds: how many there are where the environment says nothing.
    package init(
        _ part: String,
        rounds: Int,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.part = part
        seconds = environment["MARTLET_SOAK_SECONDS"].flatMap { Double($0) }
        self.rounds = environment["MARTLET_SOAK_ROUNDS"].flatMap { Int($0) } ?? (seconds == nil ? rounds : nil)
        firstSeed = environment["MARTLET_SOAK_SEED"].flatMap { UInt64($0) } ?? 1
        report = environment["MARTLET_SOAK_REPORT"]
    }

    /// Runs the rounds, one after the other.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func run(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (Round) async throws -> Void
    ) async throws -> Int {
        let clock = ContinuousClock()
        let began = clock.now
        var number = 0
        while isGoingOn(after: number, elapsed: clock.now - began) {
            let round = Round(number: number, seed: firstSeed &+ UInt64(number))
            do {
                try await body(round)
            } catch {
                try note(rounds: number + 1, elapsed: clock.now - began, failedSeed: round.seed)
                Issue.record(
                    "Round \(number) of \(part) failed; alone: \(command(for: round.seed))",
                    sourceLocation: sourceLocation
                )
                throw error
            }
            number += 1
        }
        try note(rounds: number, elapsed: clock.now - began, failedSeed: nil)
        return number
    }

    private func isGoingOn(after number: Int, elapsed: Duration) -> Bool {
        if let rounds, number >= rounds { return false }
        guard let seconds else { return true }
        return number == 0 || elapsed < .seconds(seconds)
    }

    /// What runs the round of this seed alone.
    package func command(for seed: UInt64) -> String {
        let name = Test.current.map { "'\($0.name.filter { $0 != "`" }.prefix { $0 != "(" })'" } ?? part
        return "MARTLET_SOAK_SEED=\(seed) MARTLET_SOAK_ROUNDS=1 swift test --filter \(name)"
    }

    /// Appends the result: part, rounds, seconds, failures, and the seed that failed, between tabulators.
    private func note(rounds: Int, elapsed: Duration, failedSeed: UInt64?) throws {
        guard let report else { return }
        let seconds = Int(elapsed / .seconds(1))
        let fields = [
            part, "\(rounds)", "\(seconds)", failedSeed == nil ? "0" : "1", failedSeed.map { "\($0)" } ?? "",
        ]
        let file = URL(filePath: report)
        if !FileManager.default.fileExists(atPath: report) { try Data().write(to: file) }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((fields.joined(separator: "\t") + "\n").utf8))
        try handle.close()
    }
}
