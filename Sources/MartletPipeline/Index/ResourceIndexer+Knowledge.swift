package import Martlet
import MartletClouds

extension ResourceIndexer {
    /// Applies what has been found out of a resource to its record; it is no event, and no forwarder hears of it.
    ///
    /// A deleted resource is not revived by an answer that came late. Where an event has come since the question was asked, the
    /// answer only fills what is missing. A known state stays, because a state that nobody reported is for a comparison to find;
    /// but where events only say that the resource has changed, the answer is what they report.
    package func apply(_ knowledge: ResourceKnowledge, at recorded: Timestamp, to record: inout ResourceRecord) {
        guard record.deleted == nil else { return }
        let isNews = record.latest <= knowledge.asked
        let facts = knowledge.facts
        if let name = facts.displayName ?? facts.name, isNews || record.name == nil { record.name = name }
        let isReported = isNews && knowledge.isChange && facts.isStateUntold
        if let state = facts.state, isReported || record.state == nil { record.state = state }
        if let owner = facts.ownerID, facts.isOwnerConfirmed, isNews || !record.isOwnerConfirmed {
            (record.tenantID, record.isOwnerConfirmed) = (owner, true)
        }
        if let domain = facts.domainID, isNews || record.domainID == nil { record.domainID = domain }
        for (kind, relations) in Dictionary(grouping: facts.relations, by: \.kind)
        where isNews || record.relations[kind] == nil {
            record.relations[kind] = Array(relations.map(\.id).prefix(Self.maximumRelations))
        }
        if let details = facts.details {
            let merged =
                isNews
                ? JSONMerge.storable(details, over: record.details)
                : record.details.map { JSONMerge.storable($0, over: details) } ?? JSONMerge.storable(details, over: nil)
            if let merged { record.details = merged[...] }
        }
        record.enriched = recorded
    }
}
