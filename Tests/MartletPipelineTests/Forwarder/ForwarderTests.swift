import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// The driver around the window: log, gate, sink and saving, with a store in memory and a clock that the test moves.
@Suite struct ForwarderTests {
    @Test func `what is committed is delivered in order, and the numbers add up`() async throws {
        let rig = ForwarderRig()
        let sink = ScriptedSink()
        let forwarder = try await rig.makeForwarder(sink, matches: ["a.#"])
        try await rig.run(forwarder) {
            try await rig.publish(["1", "2"], resource: "vm")
            try await rig.publish(["x"], topic: "other")
            try await rig.publish(["3"], resource: "vm")
            await sink.waitForBatches(3)
        }
        #expect(sink.ids == ["1", "2", "3"])
        #expect(sink.wasClosed)
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.committed == 4)
        #expect(status.counts.delivered == 3)
        #expect(status.counts.filtered == 1)
        #expect(status.pending == 0)
    }

    @Test func `a failed event is tried again when it is due, with the same id, before later ones of its resource`()
        async throws
    {
        let rig = ForwarderRig()
        let sink = ScriptedSink { _, number in number == 1 ? .retry("500") : .delivered }
        let forwarder = try await rig.makeForwarder(sink)
        try await rig.run(forwarder) {
            try await rig.publish(["1", "2"], resource: "vm")
            await sink.waitForBatches(1)
            // Others sleep too: the clock moves until the attempt that is due has been made.
            await rig.time.advance(by: .seconds(1)) { sink.ids.count >= 3 }
        }
        #expect(sink.ids == ["1", "1", "2"])
    }

    @Test func `a restarted forwarder goes on behind its cursor`() async throws {
        let rig = ForwarderRig()
        let first = ScriptedSink()
        let forwarder = try await rig.makeForwarder(first)
        try await rig.run(forwarder) {
            try await rig.publish(["1"])
            await first.waitForBatches(1)
        }
        #expect(first.ids == ["1"])
        let second = ForwarderRig(sharing: rig.store, head: Position(rawValue: 1))
        let sink = ScriptedSink()
        let again = try await second.makeForwarder(sink)
        try await second.run(again) {
            try await second.publish(["2"])
            await sink.waitForBatches(1)
        }
        #expect(sink.ids == ["2"])
    }

    @Test func `the enriched body has the original, the resource and the changes`() async throws {
        let rig = ForwarderRig()
        let sink = ScriptedSink()
        let forwarder = try await rig.makeForwarder(sink, body: .enriched)
        try await rig.run(forwarder) {
            try await rig.publish(["1"], resource: "vm")
            await sink.waitForBatches(1)
        }
        let event = try JSONDocument(parsing: try #require(sink.bodies.first)).root
        #expect(event["data"]?["original"]?.kind == .object)
        #expect(event["data"]?["resource"]?["id"]?.string == "vm")
        #expect(event["position"]?.string == "1")
    }

    @Test func `a pause is stored, and a dead letter comes back marked`() async throws {
        let rig = ForwarderRig()
        let sink = ScriptedSink { _, number in number == 1 ? .reject("400") : .delivered }
        let forwarder = try await rig.makeForwarder(sink)
        try await rig.run(forwarder) {
            try await rig.publish(["1"])
            await sink.waitForBatches(1)
            while try await rig.status().counts.dead == 0 { await Task.yield() }
            try await forwarder.pause(reason: "maintenance")
            #expect(try await rig.status().pause?.reason == "maintenance")
            #expect(forwarder.activity == .paused)
            let letters = try await rig.store.deadLetters(forwarder: "f", after: 0, limit: 10)
            #expect(letters.map(\.reason) == ["400"])
            try await forwarder.redeliver(letters.map(\.reference))
            try await forwarder.resume()
            await sink.waitForBatches(2)
        }
        let again = try JSONDocument(parsing: try #require(sink.bodies.last)).root
        #expect(again["replay"]?.boolean == true)
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.counts.delivered == 1)
        #expect(status.counts.dead == 0)
        #expect(status.pending == 0)
    }
}
