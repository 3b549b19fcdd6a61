import Martlet
import MartletJSON

extension Story {
    /// A transition, announced and done: two messages, told apart for virtual machines only.
    mutating func transition(
        _ type: String,
        _ id: String,
        from old: String,
        _ event: String,
        to new: String,
        taking seconds: ClosedRange<Int> = 0...0
    ) {
        announce(type, id, from: old, event, to: new)
        pass(seconds)
        confirm(type, id, from: old, event, to: new)
    }

    /// The message before a transition.
    mutating func announce(_ type: String, _ id: String, from old: String, _ event: String, to new: String) {
        publishState(type, id, from: old, event, to: new, status: "preStateTransitionEvent")
    }

    /// The message after a transition.
    mutating func confirm(_ type: String, _ id: String, from old: String, _ event: String, to new: String) {
        publishState(type, id, from: old, event, to: new, status: "postStateTransitionEvent")
    }

    /// A transition as the state listeners publish it; the machine's event is in the routing key alone.
    private mutating func publishState(
        _ type: String,
        _ id: String,
        from old: String,
        _ event: String,
        to new: String,
        status: String
    ) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("resource", type)
        writer.member("id", id)
        writer.member("old-state", old)
        writer.member("new-state", new)
        if type == "VirtualMachine" { writer.member("status", status) }
        writer.member("eventDateTime", time)
        writer.endObject()
        publish(.state, event, type, id, writer.bytes)
    }
}
