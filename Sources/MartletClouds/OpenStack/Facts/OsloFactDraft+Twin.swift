import Martlet
import MartletJSON

extension OsloFactDraft {
    /// The deed that the notification may have a twin of; `nil` where there is none, or where nothing ties the two together.
    var twin: Twin? {
        guard let noun = type.noun, let id = twinID(of: noun), let request = event.fields.operationID else {
            return nil
        }
        let form: String
        switch (noun.service, noun.name) {
        case ("nova", _): form = body.isVersioned ? "versioned" : "unversioned"
        case ("designate", "zone"), ("designate", "domain"): form = noun.name
        default: return nil
        }
        let fields = event.fields
        var deed = [noun.origin, type.commonVerb, fields.phase?.rawValue, fields.outcome?.rawValue, id, request]
        if event.category == .state {
            // One request changes the state more than once.
            let update = body.data?["state_update"]?.versionedData ?? body.data
            deed += [fields.oldState, fields.newState]
            deed += [update?["old_task_state"]?.identifier, update?["new_task_state"]?.identifier]
        }
        return Twin(deed: deed.map { $0 ?? "" }.joined(separator: " "), form: form)
    }

    /// An aggregate has a number in the one form, and that beside a UUID in the other.
    private func twinID(of noun: OpenStackNoun) -> String? {
        guard noun.name == "aggregate" else { return event.resource?.id }
        return body.data?["aggregate_id"]?.identifier ?? body.data?["id"]?.identifier
    }
}
