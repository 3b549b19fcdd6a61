import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(1))) struct SideCommitsTests {
    private static func checkpoint(_ value: String) -> Checkpoint { Checkpoint(key: "k", value: value) }

    @Test func `what the store refuses is handed over again, in order, and told once it is there`() async throws {
        try await SourceRig.withRig { rig in
            let logger = rig.context.logger
            let commits = SideCommits(port: rig.port, time: rig.time, logger: logger, bell: Doorbell())
            rig.store.writeFailure = StoreError(.full, "No space left.")
            commits.add([SourceAlert(.gap, "A gap.")], checkpoints: [Self.checkpoint("1")])
            commits.add(checkpoints: [Self.checkpoint("2")])
            try await rig.wait(for: "a refusal") { rig.intake.counters.commits.failed == 1 }
            // Not before its time.
            try await rig.wait(for: "a time to come") { commits.advance() != nil }
            #expect(rig.intake.counters.commits.failed == 1)
            #expect(rig.port.monitor.snapshot.gaps == 0)
            rig.store.writeFailure = nil
            try await rig.wait(for: "both on disk") {
                rig.time.advance(by: .seconds(1))
                commits.advance()
                return try await rig.store.checkpoint(source: rig.port.name, key: "k") == "2"
            }
            try await commits.settle()
            #expect(try await rig.store.head().rawValue == 1)
            #expect(rig.port.monitor.snapshot.gaps == 1)
        }
    }

    @Test func `the last attempt does not wait for its time`() async throws {
        try await SourceRig.withRig { rig in
            let logger = rig.context.logger
            let commits = SideCommits(port: rig.port, time: rig.time, logger: logger, bell: Doorbell())
            rig.store.writeFailure = StoreError(.full, "No space left.")
            commits.add([SourceAlert(.gap, "A gap.")])
            try await rig.wait(for: "a time to come") { commits.advance() != nil }
            rig.store.writeFailure = nil
            commits.tryForTheLastTime()
            try await rig.waitForEvents(1)
        }
    }
}
