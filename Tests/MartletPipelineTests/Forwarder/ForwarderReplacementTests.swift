import Logging
import Martlet
import MartletPipeline
import MartletTesting
import Testing

/// A running forwarder gets another configuration, or is taken away.
@Suite struct ForwarderReplacementTests {
    /// A sink that holds each batch until it is let go, or cancelled.
    private final class HoldingSink: Sink {
        let delivery = SinkDelivery(mode: .independent, maximumEvents: 1)
        let arrived = Doorbell()
        let release = Doorbell()

        func send(_ batch: OutgoingBatch) async -> BatchOutcome {
            arrived.ring()
            await release.wait()
            return .whole(Task.isCancelled ? .unavailable("cancelled") : .delivered)
        }

        func close() async {}
    }

    private func configuration(_ forwarder: Forwarder, matches: [String]) throws -> Forwarder.Configuration {
        var configuration = forwarder.configuration
        configuration.filter = EventFilter(matches: try matches.map { .init(pattern: try TopicPattern($0)) })
        return configuration
    }

    @Test func `another destination gets at once what the former one failed to take`() async throws {
        let rig = ForwarderRig()
        let dead = ScriptedSink { _, _ in .retry("500") }
        let living = ScriptedSink()
        let forwarder = try await rig.makeForwarder(dead)
        try await rig.run(forwarder) {
            try await rig.publish(["1", "2"], resource: "vm")
            while try await rig.status().parked == 0 { await Task.yield() }
            await forwarder.replace(forwarder.configuration, sink: living)
            #expect(dead.wasClosed)
            await living.waitForBatches(2)
        }
        #expect(living.ids == ["1", "2"])
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.committed == 2)
        #expect(status.counts.delivered == 2)
        #expect(status.pending == 0)
    }

    @Test func `a destination that was unavailable is tried at once under another policy, through the same sink`()
        async throws
    {
        let rig = ForwarderRig()
        let sink = ScriptedSink { _, number in number == 1 ? .unavailable("503") : .delivered }
        let forwarder = try await rig.makeForwarder(sink)
        try await rig.run(forwarder) {
            try await rig.publish(["1"])
            await sink.waitForBatches(1)
            while forwarder.activity != .unavailable { await Task.yield() }
            await forwarder.replace(forwarder.configuration, sink: nil)
            await sink.waitForBatches(2)
            #expect(!sink.wasClosed)
        }
        #expect(sink.ids == ["1", "1"])
    }

    @Test func `what is in flight is finished by the former sink before the new one gets anything`() async throws {
        let rig = ForwarderRig()
        let (former, new) = (HoldingSink(), ScriptedSink())
        let forwarder = try await rig.makeForwarder(former)
        try await rig.run(forwarder) {
            try await rig.publish(["1", "2"], resource: "vm")
            await former.arrived.wait()
            async let replaced: Void = forwarder.replace(forwarder.configuration, sink: new)
            // It waits for what is in flight, and sleeps until that is abandoned.
            await rig.time.waitForSleepers()
            #expect(new.ids.isEmpty)
            former.release.ring()
            await replaced
            await new.waitForBatches(1)
        }
        #expect(new.ids == ["2"])
        #expect(try await rig.store.forwarderStatuses().first?.counts.delivered == 2)
    }

    @Test func `what hangs is abandoned after five seconds, and tried again by the new sink`() async throws {
        let rig = ForwarderRig()
        let (former, new) = (HoldingSink(), ScriptedSink())
        let forwarder = try await rig.makeForwarder(former)
        try await rig.run(forwarder) {
            try await rig.publish(["1"])
            await former.arrived.wait()
            async let replaced: Void = forwarder.replace(forwarder.configuration, sink: new)
            // The intake sleeps too: the clock moves until the new sink has it.
            await rig.time.advance(by: .seconds(1)) { !new.ids.isEmpty }
            await replaced
        }
        #expect(new.ids == ["1"])
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.counts.delivered == 1)
        #expect(status.counts.dead == 0)
    }

    @Test func `another filter applies from the cursor on, to what waits as well`() async throws {
        let rig = ForwarderRig()
        let former = ScriptedSink { batch, _ in
            batch.events[0].event.id == "a1" ? .delivered : .unavailable("503")
        }
        let new = ScriptedSink()
        let forwarder = try await rig.makeForwarder(former, matches: ["a.#"])
        try await rig.run(forwarder) {
            try await rig.publish(["a1"], topic: "a.x")
            await former.waitForBatches(1)
            while try await rig.status().counts.delivered == 0 { await Task.yield() }
            try await rig.publish(["b1"], topic: "b.x")
            while try await rig.status().counts.filtered == 0 { await Task.yield() }
            try await rig.publish(["a2"], topic: "a.x")
            try await rig.publish(["b2"], topic: "b.x")
            await former.waitForBatches(2)
            await forwarder.replace(try configuration(forwarder, matches: ["b.#"]), sink: new)
            await new.waitForBatches(1)
            try await rig.publish(["a3"], topic: "a.x")
            try await rig.publish(["b3"], topic: "b.x")
            await new.waitForBatches(2)
        }
        #expect(new.ids == ["b2", "b3"], "b1 had been passed by.")
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.committed == 6)
        #expect(status.counts.delivered == 3)
        #expect(status.counts.filtered == 3)
    }

    @Test func `a retired forwarder has its progress on disk, and one of its name goes on from there`() async throws {
        let rig = ForwarderRig()
        let first = ScriptedSink()
        let forwarder = try await rig.makeForwarder(first)
        let second = ScriptedSink()
        try await rig.run(forwarder) {
            try await rig.publish(["1"])
            await first.waitForBatches(1)
            try await forwarder.retire()
            #expect(first.wasClosed)
            #expect(try await rig.store.forwarderStatuses().first?.counts.delivered == 1)
            await #expect(throws: IntakeError.self) { try await forwarder.pause(reason: "too late") }
            try await rig.publish(["2"])
            let again = try await rig.makeForwarder(second)
            await withTaskGroup { group in
                group.addTask { await again.run() }
                await second.waitForBatches(1)
                again.stop()
            }
        }
        #expect(second.ids == ["2"])
        #expect(first.ids == ["1"])
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.counts.delivered == 2)
        #expect(status.pending == 0)
    }

    @Test func `a forwarder that has come to its end closes the sink that it is given`() async throws {
        let rig = ForwarderRig()
        let forwarder = try await rig.makeForwarder(ScriptedSink())
        try await rig.run(forwarder) {}
        let late = ScriptedSink()
        await forwarder.replace(forwarder.configuration, sink: late)
        #expect(late.wasClosed)
    }

    @Test func `what cannot be saved when a forwarder is retired is saved by a later call`() async throws {
        let rig = ForwarderRig()
        let sink = ScriptedSink()
        let forwarder = try await rig.makeForwarder(sink)
        try await rig.run(forwarder) {
            try await rig.publish(["1"])
            await sink.waitForBatches(1)
            rig.store.writeFailure = StoreError(.full, "no space")
            await #expect(throws: StoreError.self) { try await forwarder.retire() }
            rig.store.writeFailure = nil
            // A failed save without a batch waits for a second before it is tried again.
            async let retired: Void = forwarder.retire()
            try await rig.time.advance(by: .seconds(1)) {
                try await rig.store.forwarderStatuses().first?.counts.delivered != 0
            }
            try await retired
        }
        #expect(try await rig.store.forwarderStatuses().first?.counts.delivered == 1)
    }
}
