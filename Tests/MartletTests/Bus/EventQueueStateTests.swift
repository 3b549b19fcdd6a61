import MartletJSON
import Testing

@testable import Martlet

/// The queue as a value: readers are numbers, publishers are letters.
struct EventQueueStateTests {
    private typealias State = EventQueueState<Int, String>

    private static func event(_ id: String) -> EventQueue.Item {
        EventQueue.Item(
            event: Event(
                id: id,
                source: "/clouds/test/bus",
                type: "test",
                cloud: "test",
                topic: Topic(text: "a"),
                payload: Payload(original: [], content: .absent)
            )
        )
    }

    private static func filled(_ count: Int, capacity: Int, _ overflow: SubscriptionOptions.Overflow) -> State {
        var state = State(options: SubscriptionOptions(capacity: capacity, overflow: overflow))
        for number in 1...count { _ = state.offer(event("\(number)")) }
        return state
    }

    private static func ids(_ state: inout State) -> [String] {
        var ids: [String] = []
        while case .item(let item, _) = state.take() { ids.append(item.event.id) }
        return ids
    }

    @Test func `events are taken in the order in which they came`() {
        var state = Self.filled(3, capacity: 3, .fail)
        #expect(state.pendingCount == 3)
        #expect(Self.ids(&state) == ["1", "2", "3"])
        guard case .empty = state.take() else { return _ = Issue.record("the queue is empty and open") }
    }

    @Test func `a waiting reader is handed the event, the first one first`() {
        var state = State(options: SubscriptionOptions())
        guard case .empty = state.take(orWait: 1, as: state.makeTicket()),
            case .empty = state.take(orWait: 2, as: state.makeTicket()),
            case .hand(1) = state.offer(Self.event("1")), case .hand(2) = state.offer(Self.event("2")),
            case .stored = state.offer(Self.event("3"))
        else { return _ = Issue.record("readers are served in turn") }
        #expect(state.pendingCount == 1)
    }

    @Test func `a cancelled reader is handed nothing`() {
        var state = State(options: SubscriptionOptions())
        let ticket = state.makeTicket()
        _ = state.take(orWait: 1, as: ticket)
        #expect(state.cancelReader(ticket) == 1)
        #expect(state.cancelReader(ticket) == nil)
        guard case .stored = state.offer(Self.event("1")) else { return _ = Issue.record("nobody waits") }
    }

    @Test func `an overflow fails once, says how many were pending, and then is the end`() {
        var state = Self.filled(3, capacity: 3, .fail)
        guard case .failed = state.offer(Self.event("4")) else { return _ = Issue.record("there is no room") }
        #expect(!state.isOpen)
        guard case .refused = state.offer(Self.event("5")) else { return _ = Issue.record("it has failed") }
        guard case .failure(let error) = state.take() else { return _ = Issue.record("the error comes first") }
        #expect(error.code == .overflow)
        #expect(error.pendingCount == 3)
        guard case .end = state.take() else { return _ = Issue.record("the error comes once") }
    }

    @Test func `dropping the oldest keeps the newest`() {
        var state = Self.filled(5, capacity: 2, .dropOldest)
        #expect(state.droppedCount == 3)
        #expect(Self.ids(&state) == ["4", "5"])
    }

    @Test func `a parked event moves up when there is room, and its publisher goes on`() {
        var state = Self.filled(1, capacity: 1, .wait)
        guard case .parked(let ticket) = state.offer(Self.event("2")) else { return _ = Issue.record("it is full") }
        #expect(state.wait(for: ticket, "A") == true)
        guard case .item(let item, release: "A") = state.take() else { return _ = Issue.record("A is released") }
        #expect(item.event.id == "1")
        #expect(state.wait(for: ticket, "A") == false)
        #expect(state.cancelWriter(ticket) == nil)
        #expect(Self.ids(&state) == ["2"])
    }

    @Test func `a publisher that is cancelled takes its event back, and nobody else's`() {
        var state = Self.filled(1, capacity: 1, .wait)
        guard case .parked(let first) = state.offer(Self.event("2")),
            case .parked(let second) = state.offer(Self.event("3")),
            case .parked(let third) = state.offer(Self.event("4"))
        else { return _ = Issue.record("it is full") }
        #expect(state.wait(for: first, "A") == true)
        #expect(state.cancelWriter(second) == nil)
        #expect(state.withdraw(second) == true)
        #expect(state.withdraw(second) == false)
        #expect(state.wait(for: third, "C") == true)
        #expect(state.cancelWriter(first) == "A")
        #expect(Self.ids(&state) == ["1", "4"])
    }

    @Test func `the end discards what is pending and lets everybody go`() {
        var state = Self.filled(1, capacity: 1, .wait)
        guard case .parked(let ticket) = state.offer(Self.event("2")) else { return _ = Issue.record("it is full") }
        _ = state.wait(for: ticket, "A")
        #expect(state.finish(throwing: nil).writers == ["A"])
        #expect(state.pendingCount == 0)
        guard case .end = state.take() else { return _ = Issue.record("it has ended") }
    }

    @Test func `a failure from outside reaches the readers that wait, else the next one`() {
        let error = EventBusError(.unavailable, "the broker is away")
        var waiting = State(options: SubscriptionOptions())
        _ = waiting.take(orWait: 1, as: waiting.makeTicket())
        #expect(waiting.finish(throwing: error).readers == [1])
        guard case .end = waiting.take() else { return _ = Issue.record("the reader has been told") }
        var idle = State(options: SubscriptionOptions())
        #expect(idle.finish(throwing: error).readers.isEmpty)
        guard case .failure = idle.take() else { return _ = Issue.record("the next reader is told") }
    }
}
