import Martlet
import MartletJSON

extension OsloDraft {
    /// The states between which the event says that the resource has gone; none that is only announced or that failed.
    mutating func readState() {
        guard fields.isConfirmed, let noun = type.noun, type.describesResource else { return }
        switch (noun.service, noun.name, type.verb) {
        case ("nova", "instance", "update"):
            let update = body.data?["state_update"]?.versionedData ?? body.data
            fields.oldState = update?["old_state"]?.identifier
            fields.newState = update?["state"]?.identifier
        case ("ironic", "node", "power_state_corrected"):
            fields.oldState = body.data?["from_power"]?.identifier
            fields.newState = body.data?["power_state"]?.identifier
        case ("ironic", "node", _):
            fields.oldState = body.data?["previous_provision_state"]?.identifier
            fields.newState = body.state(of: noun)
        case ("keystone", _, "disabled"): fields.newState = "disabled"
        default: fields.newState = body.state(of: noun)
        }
        // Some services tell of a deletion with what the resource was before.
        if type.lifecycle == .deletion, fields.newState != "deleted" { fields.newState = nil }
    }
}

extension Event.Fields {
    /// The event tells of something that has come about.
    var isConfirmed: Bool { phase == .completed && outcome != .failure && (category == .action || category == .state) }
}

extension NotificationBody {
    func state(of noun: OpenStackNoun) -> String? { noun.state.flatMap { data?[$0]?.identifier } }
}
