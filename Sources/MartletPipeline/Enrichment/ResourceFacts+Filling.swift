import Martlet
import MartletClouds

extension ResourceFacts {
    /// These facts, and what they do not say from others.
    func filled(from other: ResourceFacts) -> ResourceFacts {
        var facts = self
        facts.name = name ?? other.name
        facts.displayName = displayName ?? other.displayName
        facts.state = state ?? other.state
        facts.isStateUntold = state == nil ? other.isStateUntold : isStateUntold
        if !isOwnerConfirmed, other.ownerID != nil {
            (facts.ownerID, facts.isOwnerConfirmed) = (other.ownerID, other.isOwnerConfirmed)
        }
        facts.domainID = domainID ?? other.domainID
        for relation in other.relations { facts.relate(relation.kind, relation.id) }
        facts.details = other.details.flatMap { JSONMerge.storable(details ?? $0, over: $0)?[...] } ?? details
        return facts
    }

    /// What it is tied to, by names of resources.
    func related(in cloud: String) -> [ResourceSubject] {
        var subjects = relations.compactMap { relation in
            RelationKinds.resourceType(of: relation.kind).map {
                ResourceSubject(cloud: cloud, resource: ResourceReference(type: $0, id: relation.id))
            }
        }
        if let ownerID, isOwnerConfirmed {
            subjects.append(ResourceSubject(cloud: cloud, resource: ResourceReference(type: "Account", id: ownerID)))
        }
        if let domainID {
            subjects.append(ResourceSubject(cloud: cloud, resource: ResourceReference(type: "Domain", id: domainID)))
        }
        return subjects
    }
}
