import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

/// A forwarder that waits is woken, whenever what it waits for comes.
@Suite struct ForwarderWakingTests {
    @Test(.timeLimit(.minutes(1))) func `a wait that is over while it looks is not slept through`() async throws {
        // By a clock that moves with every look at it, a wait is over now and then just before it has begun.
        let (store, time) = (InMemoryEventStore(), RestlessTime())
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let items = (1...1_000).map { number in
            IntakeItem.event(
                Event(
                    fields: Event.Fields(
                        id: "\(number)",
                        source: "/s",
                        type: "t",
                        cloud: "c",
                        topic: Topic(text: "a.b"),
                        payload: Payload(json: ArraySlice("{}".utf8))
                    )
                ),
                nil
            )
        }
        let result = try await store.commit(
            CommitGroup(batches: [IntakeBatch(source: "s", items: items)], recordedTime: time.now)
        )
        let dispatcher = Dispatcher(head: result.head)
        let intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: logger)
        let sink = ScriptedSink(SinkDelivery(mode: .independent, maximumEvents: 1)) { _, number in
            number.isMultiple(of: 2) ? .delivered : .unavailable("busy")
        }
        var window = DeliveryWindow.Configuration(delivery: sink.delivery)
        window.retry.initialDelay = .microseconds(90)
        window.retry.factor = 1
        window.retry.jitter = .none
        let forwarder = Forwarder(
            Forwarder.Configuration(name: "f", filter: EventFilter(), body: .event, gate: Gate(), window: window),
            record: try await store.openForwarder(name: "f", start: .zero),
            sink: sink,
            store: store,
            intake: intake,
            dispatcher: dispatcher,
            time: time,
            logger: logger
        )
        await withDiscardingTaskGroup { group in
            group.addTask { await forwarder.run() }
            await sink.waitForBatches(2_000)
            forwarder.stop()
        }
        #expect(sink.ids.count >= 2_000)
    }
}
