import Foundation
import MartletTesting
import Testing

/// Promises 1 to 9, 11 and 12: long random runs of the real store, intake, forwarders and replays beside a plain model.
@Suite struct ModelTests {
    private static let stepCount = 40
    /// In memory, where the system has a place for that: a crash here is a copy of the files, and needs no disk.
    private static let directory =
        FileManager.default.isWritableFile(atPath: "/dev/shm")
        ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory

    /// A run that broke a promise, made short.
    private struct Failure: Error, CustomStringConvertible {
        var seed: UInt64
        var steps: [ModelStep]
        var error: any Error

        /// The number of the promise; `nil` where something else went wrong.
        var promise: Int? { (error as? Violation)?.promise }

        var description: String {
            let lines = steps.enumerated().map { "  \($0.offset + 1). \($0.element)" }
            return "seed \(seed): \(error)\n\(lines.joined(separator: "\n"))"
        }
    }

    @Test func `in a long random run store and forwarders do what the plain model says`() async throws {
        try await Soak("model", rounds: 100).run { round in
            var steps = ModelSteps(seed: round.seed)
            let all = steps.make(Self.stepCount)
            guard let failure = await attempt(all, seed: round.seed) else { return }
            throw await shorten(failure)
        }
    }

    /// Runs the steps; what went wrong comes with the steps that led there.
    private func attempt(_ steps: [ModelStep], seed: UInt64) async -> Failure? {
        let base = Self.directory.appending(path: "martlet-model-\(UUID())").path
        let run = ModelRun(seed: seed, steps: steps, in: base)
        var failure: Failure?
        do {
            try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
            try await run.run()
        } catch {
            failure = Failure(seed: seed, steps: Array(steps.prefix(run.index)), error: error)
        }
        // What is left behind there is lost in a directory for temporary files.
        try? FileManager.default.removeItem(atPath: base)
        return failure
    }

    /// Leaves steps out for as long as the same promise is broken.
    private func shorten(_ failure: Failure) async -> Failure {
        var shortest = failure
        var size = max(1, shortest.steps.count / 2)
        while true {
            var start = 0
            while start < shortest.steps.count {
                var steps = shortest.steps
                steps.removeSubrange(start..<min(start + size, steps.count))
                let shorter = await attempt(steps, seed: failure.seed)
                if let shorter, shorter.promise == failure.promise {
                    shortest = shorter
                } else {
                    start += size
                }
            }
            if size == 1 { return shortest }
            size /= 2
        }
    }
}
