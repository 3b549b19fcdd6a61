import Logging
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@Suite struct SilenceWatchTests {
    @Test func `a source that falls silent raises one alert, and one more when it speaks again`() async throws {
        try await SourceRig.withRig { rig in
            let time = ManualTime()
            let port = SourcePort(
                origin: Origin(sourceName: "prod.kafka", cloud: "prod", region: "eu"),
                decoder: CloudEventsDecoder(),
                ignore: [],
                intake: rig.intake,
                time: time
            )
            let watch = SilenceWatch(
                port: port,
                expectEvery: .seconds(60),
                time: time,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            // A task of its own, because it watches until it is cancelled.
            let watching = Task { try? await watch.run() }
            defer { watching.cancel() }

            await time.waitForSleepers()
            time.advance(by: .seconds(59))
            #expect(port.monitor.snapshot.warnings.isEmpty)
            port.monitor.received()
            time.advance(by: .seconds(1))
            await time.waitForSleepers()
            // The minute counts from the last message, not from the start.
            #expect(try await rig.store.head() == .zero)
            time.advance(by: .seconds(59))
            try await rig.waitForEvents(1)
            await time.waitForSleepers()
            #expect(port.monitor.snapshot.warnings["silent"]?.what.contains("1m") == true)
            time.advance(by: .seconds(600))
            await time.waitForSleepers()

            port.monitor.received()
            time.advance(by: .seconds(1))
            try await rig.waitForEvents(2)
            await time.waitForSleepers()
            #expect(port.monitor.snapshot.warnings.isEmpty)

            let events = try await rig.store.page(after: .zero, limit: 10, maximumBytes: .max).map(\.event)
            #expect(events.map(\.type) == ["martlet.source.silent", "martlet.source.resumed"])
            #expect(events.map(\.topic.text).first == "martlet.AlertEvent.source-silent.Source.prod-kafka")
            #expect(events.allSatisfy { $0.cloud == "prod" && $0.category == .alert && $0.fields.region == "eu" })
            #expect(events[0].resource == ResourceReference(type: "Source", id: "prod.kafka"))
        }
    }
}
