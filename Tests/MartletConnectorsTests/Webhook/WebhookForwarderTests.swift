import Logging
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

/// A forwarder and the real webhook in front of a receiver that hangs on one event.
@Suite(.timeLimit(.minutes(3))) struct WebhookForwarderTests {
    private let store = InMemoryEventStore()
    private let intake: Intake
    private let dispatcher = Dispatcher(head: .zero)
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    init() {
        intake = Intake(store: store, dispatcher: dispatcher, time: SystemTime(), logger: logger)
    }

    @Test func `an event on which the receiver hangs costs nobody else, though it came first and alone`() async throws {
        let hook = try Receiver.plain.get().hook()
        try await hook.script(Receiver.Step(hangOn: "poison"))
        let sink = try WebhookSink(
            settings: ComponentSettings(["url": .string(hook.url), "timeout": .duration(.milliseconds(500))]),
            context: .sample(time: SystemTime())
        )
        let forwarder = try await makeForwarder(sink)
        try await withThrowingTaskGroup { group in
            group.addTask { await intake.run() }
            group.addTask { await forwarder.run() }
            try await publish(["poison"])
            try await eventually("the receiver was too slow") { forwarder.activity == .unavailable }
            let others = (1...5).map { "other \($0)" }
            try await publish(others)
            try await eventually("the others are there") {
                let received = try await hook.received()
                return others.allSatisfy { id in received.contains { $0.body.contains(id) } }
            }
            try await eventually("the one is dead") {
                try await intake.save()
                return try await store.forwarderStatuses().first?.counts.dead == 1
            }
            forwarder.stop()
            intake.stop()
            try await group.waitForAll()
        }
    }

    private func makeForwarder(_ sink: WebhookSink) async throws -> Forwarder {
        var window = DeliveryWindow.Configuration(delivery: sink.delivery)
        window.retry.attempts = 2
        window.retry.initialDelay = .milliseconds(100)
        return Forwarder(
            Forwarder.Configuration(name: "f", filter: EventFilter(), body: .event, gate: Gate(), window: window),
            record: try await store.openForwarder(name: "f", start: .zero),
            sink: sink,
            store: store,
            intake: intake,
            dispatcher: dispatcher,
            time: SystemTime(),
            logger: logger
        )
    }

    private func publish(_ ids: [String]) async throws {
        let items = ids.map { id in
            var fields = Event.Fields(
                id: id,
                source: "/s",
                type: "t",
                cloud: "c",
                topic: Topic(text: "a.b"),
                payload: Payload(json: ArraySlice("{}".utf8))
            )
            fields.resource = ResourceReference(type: "VirtualMachine", id: id)
            return IntakeItem.event(Event(fields: fields), nil)
        }
        _ = try await intake.submit(IntakeBatch(source: "s", items: items))
    }
}
