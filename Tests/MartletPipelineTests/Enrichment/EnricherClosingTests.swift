import Martlet
import MartletClouds
import MartletTesting
import Testing

@testable import MartletPipeline

/// What becomes of an enricher that another configuration does not name any more.
@Suite(.timeLimit(.minutes(2))) struct EnricherClosingTests {
    private static func enricher(_ cloud: String = "c") -> ScriptedEnricher {
        ScriptedEnricher(cloud: cloud) { _, _ in ResourceFacts() }
    }

    /// Runs intake and enrichment around the body, and ends them.
    private func run(_ rig: ForwarderRig, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await rig.enrichment.run(submittingTo: rig.intake) }
            try await rig.run(try await rig.makeForwarder(ScriptedSink()), body)
            group.cancelAll()
        }
    }

    @Test func `one that is replaced is closed once it has answered, and not before`() async throws {
        let (answers, answer) = AsyncStream<Void>.makeStream()
        let old = ScriptedEnricher { _, _ in
            for await _ in answers { break }
            return ResourceFacts()
        }
        let idle = Self.enricher()
        let new = Self.enricher()
        let rig = ForwarderRig()
        rig.enrichment.configure([old.member, idle.member])
        try await run(rig) {
            try await rig.publish(["1"], resource: "vm-1")
            try await eventually("it is asked") { old.questions == ["vm-1"] }
            rig.enrichment.configure([new.member])
            try await rig.publish(["2"], resource: "vm-2")
            try await eventually("the new one is asked") { new.questions == ["vm-2"] }
            // The other one of the old chain might have been asked behind it.
            #expect(old.closed == 0 && idle.closed == 0)
            answer.yield()
            try await eventually("both have answered and are closed") { old.closed == 1 && idle.closed == 1 }
            #expect(new.closed == 0)
        }
        #expect(old.closed == 1 && idle.closed == 1 && new.closed == 1, "at the end, those that are left")
    }

    @Test func `a cloud that is taken out and put in again is asked no more at once than it may be`() async throws {
        let (answers, answer) = AsyncStream<Void>.makeStream()
        let old = ScriptedEnricher { _, _ in
            for await _ in answers { break }
            return ResourceFacts()
        }
        let (others, other) = AsyncStream<Void>.makeStream()
        let new = ScriptedEnricher { _, _ in
            for await _ in others { break }
            return ResourceFacts()
        }
        func member(_ enricher: ScriptedEnricher) -> EnrichmentMember {
            var policy = EnricherPolicy()
            policy.concurrency = 1
            return EnrichmentMember(name: "scripted", enricher: enricher, policy: policy)
        }
        let rig = ForwarderRig()
        rig.enrichment.configure([member(old)])
        try await run(rig) {
            try await rig.publish(["1"], resource: "vm-1")
            try await eventually("it is asked") { old.questions == ["vm-1"] }
            rig.enrichment.configure([] as [EnrichmentMember])
            rig.enrichment.configure([member(new)])
            try await rig.publish(["2"], resource: "vm-2")
            try await rig.publish(["3"], resource: "vm-3")
            for _ in 0..<200 {
                await Task.yield()
                try #require(new.questions.isEmpty, "The old one is still being asked.")
            }
            answer.yield()
            try await eventually("the old one has answered and is closed") { old.closed == 1 }
            try await eventually("the new one is asked") { new.questions == ["vm-2"] }
            other.yield()
            try await eventually("and then the next") { new.questions == ["vm-2", "vm-3"] }
            other.yield()
        }
    }

    @Test func `one that is idle is closed at once, also where its cloud has none any more`() async throws {
        let (kept, dropped) = (Self.enricher("a"), Self.enricher("b"))
        let member = kept.member
        let rig = ForwarderRig()
        rig.enrichment.configure([member, dropped.member])
        try await run(rig) {
            rig.enrichment.configure([member])
            try await eventually("it is closed") { dropped.closed == 1 }
            #expect(kept.closed == 0, "it is the same as before")
        }
        #expect(kept.closed == 1 && dropped.closed == 1)
    }
}
