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

    @Test func `what a sync has found wakes and feeds those only who take it, also after their filter has changed`() {
        let bells = [Bell(), Bell()]
        let forwarders = (0..<2).map { ForwarderID(rawValue: Int64($0 + 1)) }
        for (number, forwarder) in forwarders.enumerated() {
            let bell = bells[number]
            dispatcher.register(forwarder, filter: EventFilter(takesSync: number == 0)) {
                bell.rings.add(1, ordering: .relaxed)
            }
            #expect(dispatcher.attach(forwarder, readThrough: .zero))
        }
        func publishFinding() {
            let found = group(of: 1).map { stored in
                var stored = stored
                stored.event = stored.event.with {
                    $0.type = "martlet.sync.changed"
                    $0.extensions["origin"] = .string("sync")
                }
                return stored
            }
            dispatcher.publish(found, head: dispatcher.head.advanced(by: 1))
        }
        publishFinding()
        #expect(bells.map { $0.rings.load(ordering: .relaxed) } == [1, 0])
        #expect(forwarders.map { dispatcher.take($0)?.events.count } == [1, 0])
        dispatcher.reroute(forwarders[1], from: EventFilter(takesSync: false), to: EventFilter())
        #expect(dispatcher.attach(forwarders[1], readThrough: dispatcher.head))
        publishFinding()
        #expect(bells.map { $0.rings.load(ordering: .relaxed) } == [2, 1])
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
