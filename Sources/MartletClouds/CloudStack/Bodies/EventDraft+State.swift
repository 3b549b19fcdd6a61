import Martlet
import MartletJSON

extension EventDraft {
    /// A transition's body, made by the state listeners of virtual machines, volumes, snapshots and networks.
    ///
    /// The event of the state machine stands in the routing key alone; without one it is concluded where only one event
    /// makes the transition.
    mutating func readState() {
        readTime()
        readResource(type: "resource", id: "id")
        fields.oldState = body["old-state"]?.string
        fields.newState = body["new-state"]?.string
        // Only virtual machines tell before from after, and a transition that is announced can still fail.
        fields.phase = body["status"]?.equals("preStateTransitionEvent") == true ? .started : .completed
        name = .placeholder("ResourceStateEvent")
        if let event = key?.type { name = EventName(event) }
        guard let old = fields.oldState, let new = fields.newState,
            let machine = resourceType.flatMap({ StateMachine.cloudStack(for: $0) })
        else { return }
        fields.isImpossibleTransition = !machine.isPossible(from: old, to: new)
        guard key?.type == nil else { return }
        let events = machine.events(from: old, to: new)
        if events.count == 1 { name = EventName(events[0]) }
    }
}
