import Martlet
import Synchronization
import Testing

@testable import MartletPipeline

/// Whom the dispatcher feeds, and for how long.
@Suite struct DispatcherTests {
    private final class Bell: Sendable {
        let rings = Atomic(0)
    }

    private let dispatcher = Dispatcher(head: .zero)
    private let forwarder = ForwarderID(rawValue: 1)

    /// Events of one group, behind all before it.
    private func group(of count: Int, payload: Int = 2) -> [StoredEvent] {
        let head = dispatcher.head.rawValue
        return (1...Int64(count)).map { offset in
            var event = Event(
                id: "",
                source: "/clouds/test/publisher",
                type: "test",
                cloud: "test",
                topic: Topic(text: "a.b.c.d.e"),
                payload: Payload(json: [UInt8](repeating: 0x20, count: payload)[...])
            )
            event = event.with { $0.position = Position(rawValue: head + offset) }
            return StoredEvent(event: event, resourceKey: nil, changes: nil)
        }
    }

    private func publish(_ count: Int, payload: Int = 2) {
        dispatcher.publish(
            group(of: count, payload: payload),
            head: dispatcher.head.advanced(by: Int64(count))
        )
    }

    @Test func `one that is still busy with the largest group is fed the next one too`() {
        dispatcher.register(forwarder, filter: EventFilter()) {}
        #expect(dispatcher.attach(forwarder, readThrough: .zero))
        let largest = Intake.Limits().maximumGroupEvents
        publish(largest)
        publish(largest)
        let fed = dispatcher.take(forwarder)
        #expect(fed?.events.map(\.position.rawValue) == Array(1...Int64(2 * largest)))
        #expect(fed?.through.rawValue == Int64(2 * largest))
    }

    @Test func `one that falls behind further is detached, and reads the log until it has caught up`() {
        dispatcher.register(forwarder, filter: EventFilter()) {}
        #expect(dispatcher.attach(forwarder, readThrough: .zero))
        for _ in 0..<3 { publish(Intake.Limits().maximumGroupEvents) }
        #expect(dispatcher.take(forwarder) == nil)
        #expect(!dispatcher.attach(forwarder, readThrough: .zero))
        #expect(dispatcher.attach(forwarder, readThrough: dispatcher.head))
        publish(1)
        #expect(dispatcher.take(forwarder)?.events.count == 1)
    }

    @Test func `few but heavy events detach it as well`() {
        dispatcher.register(forwarder, filter: EventFilter()) {}
        #expect(dispatcher.attach(forwarder, readThrough: .zero))
        publish(3, payload: 2 << 20)
        #expect(dispatcher.take(forwarder) == nil)
    }

    @Test func `one that is fed is woken by what concerns it, one that reads the log is not`() {
        let bell = Bell()
        dispatcher.register(forwarder, filter: EventFilter()) { bell.rings.add(1, ordering: .relaxed) }
        publish(1)
        #expect(bell.rings.load(ordering: .relaxed) == 0)
        #expect(dispatcher.attach(forwarder, readThrough: dispatcher.head))
        publish(1)
        #expect(bell.rings.load(ordering: .relaxed) == 1)
    }
}
