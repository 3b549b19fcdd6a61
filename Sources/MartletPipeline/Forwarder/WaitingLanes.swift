import HeapModule
import Martlet

/// The heads of lanes that wait for their moment, the next one first.
///
/// What is redelivered has a lane for each event, and there may be tens of thousands: no look at them costs more for that.
struct WaitingLanes: Sendable {
    private struct Turn: Comparable {
        var wait: DeliveryWindow.Wait
        var lane: DeliveryWindow.Lane

        static func < (left: Turn, right: Turn) -> Bool { left.wait < right.wait }
    }

    /// All of them, in no order.
    private(set) var waits: [DeliveryWindow.Lane: DeliveryWindow.Wait] = [:]
    /// A turn for each wait, and some that are over or were changed; never at the top.
    private var turns = Heap<Turn>()

    /// The lane whose head is due first.
    var first: (lane: DeliveryWindow.Lane, wait: DeliveryWindow.Wait)? { turns.min.map { ($0.lane, $0.wait) } }

    subscript(lane: DeliveryWindow.Lane) -> DeliveryWindow.Wait? {
        get { waits[lane] }
        set {
            guard waits[lane] != newValue else { return }
            waits[lane] = newValue
            if let newValue { turns.insert(Turn(wait: newValue, lane: lane)) }
            while let turn = turns.min, waits[turn.lane] != turn.wait { turns.removeMin() }
            if turns.count > 64 + 2 * waits.count {
                turns = Heap(waits.map { Turn(wait: $0.value, lane: $0.key) })
            }
        }
    }
}
