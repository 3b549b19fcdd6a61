import Foundation
import MartletTesting
import Testing

@Suite struct SoakTests {
    private struct Broken: Error {}

    /// The seeds of the rounds that a soak with this environment runs.
    private func seeds(_ environment: [String: String], rounds: Int = 3) async throws -> [UInt64] {
        var seeds: [UInt64] = []
        try await Soak("part", rounds: rounds, environment: environment).run { seeds.append($0.seed) }
        return seeds
    }

    @Test func `a soak runs as many rounds as it is told, each with a seed of its own`() async throws {
        #expect(try await seeds([:]) == [1, 2, 3])
        #expect(try await seeds(["MARTLET_SOAK_ROUNDS": "2", "MARTLET_SOAK_SEED": "40"]) == [40, 41])
        #expect(try await seeds(["MARTLET_SOAK_SECONDS": "0"]) == [1], "One round, however little time there is.")
        #expect(try await seeds(["MARTLET_SOAK_SECONDS": "60", "MARTLET_SOAK_ROUNDS": "5"]) == [1, 2, 3, 4, 5])
        #expect(try await seeds(["MARTLET_SOAK_SECONDS": "0.05"], rounds: 1).count > 1)
    }

    @Test func `a soak reports its rounds, and the seed of the one that failed`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-soak-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let environment = ["MARTLET_SOAK_REPORT": file, "MARTLET_SOAK_SEED": "7"]
        try await Soak("good", rounds: 4, environment: environment).run { _ in }
        await withKnownIssue("The failure is what is tested.") {
            try await Soak("bad", rounds: 4, environment: environment).run { round in
                if round.number == 2 { throw Broken() }
            }
        }
        let report = try String(contentsOfFile: file, encoding: .utf8)
        #expect(report == "good\t4\t0\t0\t\nbad\t3\t0\t1\t9\n")
    }

    @Test func `one seed makes one round, and the command names this test`() {
        let soak = Soak("part", rounds: 1, environment: [:])
        #expect(
            soak.command(for: 5)
                == "MARTLET_SOAK_SEED=5 MARTLET_SOAK_ROUNDS=1 swift test --filter "
                + "'one seed makes one round, and the command names this test'"
        )
    }
}
