import Martlet
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// A destination that was away gets what is current: log, index and alert around the window that decides it.
@Suite struct ForwarderResynchronisationTests {
    private final class Weather: Sendable {
        private let isAway = Mutex(true)

        var answer: DeliveryOutcome { isAway.withLock { $0 } ? .unavailable("503") : .delivered }

        func clear() { isAway.withLock { $0 = false } }
    }

    private func makeForwarder(
        _ rig: ForwarderRig,
        _ sink: ScriptedSink,
        matches: [String] = []
    ) async throws -> Forwarder {
        try await rig.makeForwarder(sink, matches: matches) { window in
            window.afterOutage = .latest
            window.outage = .seconds(30)
            window.retry.maximumDelay = .seconds(10)
        }
    }

    private func alerts(_ rig: ForwarderRig) async throws -> [Event] {
        try await rig.store.page(after: .zero, limit: .max, maximumBytes: .max).map(\.event)
            .filter { $0.type == "martlet.forwarder.resynchronised" }
    }

    @Test func `the last wanted event of each resource is sent, the skipped are counted and told`() async throws {
        let rig = ForwarderRig()
        let weather = Weather()
        let sink = ScriptedSink { _, _ in weather.answer }
        let forwarder = try await makeForwarder(rig, sink, matches: ["a.#"])
        try await rig.run(forwarder) {
            for round in 0..<1_000 {
                try await rig.publish(["\(round)-x", "\(round)-y"], resource: "vm-\(round % 7)", topic: "a.b")
            }
            // What is not wanted takes nobody's place.
            try await rig.publish(["unwanted"], resource: "vm-1", topic: "other")
            await sink.waitForBatches(1)
            let failed = sink.ids.count
            await rig.time.advance(by: .seconds(10)) { sink.ids.count > failed + 10 }
            weather.clear()
            try await rig.time.advance(by: .seconds(10)) {
                try await rig.store.forwarderStatuses().first?.counts.delivered == 7
            }
            try await eventually("the alert") { try await !alerts(rig).isEmpty }
            let told = try await alerts(rig)
            #expect(told.count == 1)
            #expect(told.first?.topic.text == "martlet.AlertEvent.forwarder-resynchronised.Forwarder.f")
            let status = try await rig.status()
            #expect(status.counts.skipped == 1_993)
            #expect(status.counts.delivered == 7)
            #expect(status.pending == 0)
            #expect(Set(sink.ids.suffix(7)) == Set((993..<1_000).map { "\($0)-y" }))
            #expect(sink.ids.suffix(7).allSatisfy { sink.resynchronised[$0] == true })
            #expect(forwarder.resynchronisation == nil)
        }
    }

    @Test func `a restart in the middle goes on with what is current, and a pause stops it in the middle`()
        async throws
    {
        let rig = ForwarderRig()
        let weather = Weather()
        let sink = ScriptedSink(SinkDelivery(mode: .independent, maximumEvents: 1, concurrency: 1)) { batch, _ in
            batch.events[0].event.id == "9-y" ? .unavailable("503") : weather.answer
        }
        let forwarder = try await makeForwarder(rig, sink)
        try await rig.run(forwarder) {
            for round in 0..<12 { try await rig.publish(["\(round)-x", "\(round)-y"], resource: "vm-\(round % 4)") }
            await sink.waitForBatches(1)
            await rig.time.advance(by: .seconds(10)) { forwarder.resynchronisation != nil }
            weather.clear()
            await rig.time.advance(by: .seconds(10)) { sink.ids.last == "9-y" }
            try await forwarder.pause(reason: "stop here")
            let status = try await rig.status()
            #expect(status.counts.delivered == 1)
            #expect(forwarder.resynchronisation?.through == Position(rawValue: 24))
        }
        let second = ForwarderRig(sharing: rig.store, head: try await rig.store.head())
        let after = ScriptedSink()
        let again = try await makeForwarder(second, after)
        try await second.run(again) {
            try await again.resume()
            await after.waitForBatches(3)
            try await second.publish(["later"], resource: "vm-0")
            // That one, and the alert that says what was skipped.
            await after.waitForBatches(5)
        }
        #expect(after.ids.prefix(3) == ["9-y", "10-y", "11-y"])
        #expect(after.ids.contains("later"))
        #expect(after.resynchronised["11-y"] == true)
        #expect(after.resynchronised["later"] == false)
        let status = try #require(try await rig.store.forwarderStatuses().first)
        #expect(status.counts.skipped == 20)
    }
}
