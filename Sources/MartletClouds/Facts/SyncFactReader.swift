package import Martlet
package import MartletJSON

/// By what an event is known that a sync has found.
package enum SyncMark {
    package static let attribute = "origin"
    package static let value = "sync"
    package static let marked = AttributeValue.string(value)
    package static let typePrefix = "martlet.sync."

    /// The CloudEvents source of such events.
    package static func source(of cloud: String) -> String { "/clouds/\(cloud)/sync" }
}

/// Reads what an event that a sync has found tells of its resource: what it changed, so that an index can be made again.
package struct SyncFactReader: ResourceFactReader {
    package init() {}

    package func facts(of event: Event, body: JSONValue) -> ResourceFacts? {
        guard event.type.hasPrefix(SyncMark.typePrefix), event.source == SyncMark.source(of: event.cloud),
            event.fields.extensions[SyncMark.attribute] == SyncMark.marked
        else { return nil }
        var facts = ResourceFacts()
        let changes = body["changes"]
        switch body["found"]?.string {
        case "created": facts.isCreation = true
        case "deleted":
            facts.isDeletion = true
            return facts
        default: break
        }
        facts.name = changes?["name"]?["to"]?.string
        facts.state = changes?["state"]?["to"]?.string
        facts.domainID = changes?["domainid"]?["to"]?.string
        if let owner = changes?["tenantid"]?["to"]?.string { (facts.ownerID, facts.isOwnerConfirmed) = (owner, true) }
        guard let relations = changes?["relations"] else { return facts }
        for member in relations.members {
            facts.completeKinds.insert(member.key)
            guard let ids = member.value["to"] else { continue }
            for id in ids.elements.compactMap(\.string) { facts.relate(member.key, id) }
        }
        return facts
    }
}
