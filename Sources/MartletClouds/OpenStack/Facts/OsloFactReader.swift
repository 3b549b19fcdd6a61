package import Martlet
package import MartletJSON

/// Reads what OpenStack's notifications tell of their resources.
///
/// State, document, name and relations come from what has come about alone; the owner from any payload that names it.
package struct OsloFactReader: ResourceFactReader {
    package init() {}

    package func facts(of event: Event, body: JSONValue) -> ResourceFacts? {
        guard event.type.hasPrefix(OpenStackEventType.prefix), body.kind == .object, event.resource != nil,
            let name = body["event_type"]
        else { return nil }
        let type = OpenStackEventType.named(name, from: body["publisher_id"]?.identifier)
        var draft = OsloFactDraft(event: event, type: type, root: body)
        draft.read()
        return draft.facts
    }
}

/// Facts that are being read from one notification.
struct OsloFactDraft: ~Copyable {
    let event: Event
    let type: OpenStackEventType
    let body: NotificationBody
    var facts = ResourceFacts()

    init(event: Event, type: OpenStackEventType, root: JSONValue) {
        self.event = event
        self.type = type
        body = NotificationBody(root, of: type.noun)
    }

    mutating func read() {
        readOwner()
        facts.twin = twin
        guard type.describesResource, let resource = event.resource, resource.type == type.noun?.resourceType else {
            readChange()
            return
        }
        if event.fields.isConfirmed {
            readLifecycle()
            if !facts.isDeletion { readResource(resource) }
            facts.state = state
            readChange()
        } else if event.category == .usage, type.verb.isEmpty, body.data?["deleted_at"]?.identifier == nil {
            // A report of what exists, and also of what was deleted in the period: so it changes no state.
            readResource(resource)
        }
    }

    /// Also what was only announced, or failed, knows to whom the resource belongs.
    private mutating func readOwner() {
        facts.ownerID = event.fields.tenantID
        let type = event.resource?.type
        facts.isOwnerConfirmed = type == "Account" || body.owner != nil
        // Who merely acted may be of another domain.
        if facts.isOwnerConfirmed || type == "Domain" || body.data?["domain_id"]?.identifier != nil {
            facts.domainID = event.fields.domainID
        }
    }

    private mutating func readLifecycle() {
        switch type.lifecycle {
        case .creation: facts.isCreation = true
        case .deletion: facts.isDeletion = true
        case .recovery: facts.isRecovery = true
        case nil: break
        }
    }

    private mutating func readResource(_ resource: ResourceReference) {
        guard let data = body.data, !body.isCADF else { return }
        facts.name = ["display_name", "name", "stack_name"].lazy.compactMap { data[$0]?.identifier }.first
        OsloRelations.read(data, of: resource, into: &facts)
        facts.details = OsloDocument(of: resource.type, isVersioned: body.isVersioned).text(of: data)
    }

    /// A bare metal node's power is not the state that it is asked for by.
    private var state: String? {
        type.verb == "power_state_corrected" ? type.noun.flatMap { body.state(of: $0) } : event.fields.newState
    }

    /// What an event tells of one relation alone.
    private mutating func readChange() {
        guard event.fields.isConfirmed, event.resource?.type == "VirtualMachine", let data = body.data else { return }
        switch type.verb {
        case "volume_attach": relate("volume", data["volume_id"])
        case "volume_detach": unrelate("volume", data["volume_id"])
        case "volume_swap":
            unrelate("volume", data["old_volume_id"])
            relate("volume", data["new_volume_id"])
        case "share_attach": relate("sharedfs", data["share_id"])
        case "share_detach": unrelate("sharedfs", data["share_id"])
        default: break
        }
    }

    private mutating func relate(_ kind: String, _ id: JSONValue?) {
        guard let id = id?.identifier else { return }
        facts.endedRelations.removeAll { $0.kind == kind && $0.id == id }
        facts.relate(kind, id)
    }

    private mutating func unrelate(_ kind: String, _ id: JSONValue?) {
        guard let id = id?.identifier else { return }
        facts.relations.removeAll { $0.kind == kind && $0.id == id }
        facts.endedRelations.append(ResourceFacts.Relation(kind: kind, id: id))
    }
}
