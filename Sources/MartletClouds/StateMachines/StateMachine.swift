/// The states that a kind of resource can be in, and the transitions between them.
///
/// A newer cloud has states that the machine does not list; what concerns them is possible (promise 13).
/// A class, so that asking a shared machine copies no arrays.
package final class StateMachine: Sendable {
    /// A step from one state to another, and what makes it.
    package struct Transition: Sendable, Hashable {
        package var from: String
        package var event: String
        package var to: String
    }

    /// The resource type that the machine is for: `Volume`.
    package let resourceType: String
    /// All states, also those that no transition of the machine leads to.
    package let states: [String]
    package let transitions: [Transition]
    /// For each state a bit for each state that a transition leads to; no machine has more than 64.
    private let reachable: [UInt64]

    init(resourceType: String, states: [String], transitions: [Transition]) {
        self.resourceType = resourceType
        self.states = states
        self.transitions = transitions
        var reachable = Array(repeating: UInt64(0), count: states.count)
        for transition in transitions {
            guard let from = states.firstIndex(of: transition.from), let to = states.firstIndex(of: transition.to)
            else {
                continue
            }
            reachable[from] |= 1 << UInt64(to)
        }
        self.reachable = reachable
    }

    /// Whether the step can happen. A repeated state and a state that the machine does not list always can.
    package func isPossible(from old: String, to new: String) -> Bool {
        guard old != new, let from = states.firstIndex(of: old), let to = states.firstIndex(of: new) else {
            return true
        }
        return reachable[from] & (1 << UInt64(to)) != 0
    }

    /// Whether the event can make the step. A state or an event that the machine does not list always can, and so can a
    /// repeated state.
    package func isPossible(from old: String, event: String, to new: String) -> Bool {
        guard isPossible(from: old, to: new) else { return false }
        guard old != new, states.contains(old), states.contains(new), lists(event: event) else { return true }
        return transitions.contains(Transition(from: old, event: event, to: new))
    }

    /// The events that make the step, in the machine's order.
    package func events(from old: String, to new: String) -> [String] {
        transitions.filter { $0.from == old && $0.to == new }.map(\.event)
    }

    private func lists(event: String) -> Bool { transitions.contains { $0.event == event } }
}
