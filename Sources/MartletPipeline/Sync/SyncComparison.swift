import Martlet
package import MartletClouds

/// What comparing an observation with the index has come to; pure.
package struct SyncComparison: Sendable {
    package private(set) var found: SyncFinding
    package private(set) var differences = SyncDifferences()
    /// What the index is to be shaped by.
    package private(set) var facts = ResourceFacts()

    /// How long a deleted resource may still be listed by an origin that is busy removing it.
    static let deletionGrace = Duration.seconds(600)

    /// - Parameter record: the resource as the index knows it; `nil` where it has none.
    package init(_ observation: SyncObservation, with record: ResourceRecord?) {
        found = .unchanged
        if let record, record.latest > observation.asked {
            found = .newer
        } else if let facts = observation.facts, !facts.isDeletion {
            compare(facts, observation, record)
        } else if let record, record.deleted == nil {
            found = .deleted
            facts.isDeletion = true
            if let state = record.state { differences.add("state", from: state, to: nil) }
            differences.add("deleted", from: nil, to: observation.time.description)
        }
    }

    private mutating func compare(_ listed: ResourceFacts, _ observation: SyncObservation, _ record: ResourceRecord?) {
        facts = listed
        guard let record else {
            found = .created
            facts.isCreation = true
            return addAll(of: listed)
        }
        if let deleted = record.deleted {
            guard observation.time - deleted >= SyncComparison.deletionGrace else {
                found = .newer
                return
            }
            found = .created
            facts.isCreation = true
            differences.add("deleted", from: deleted.description, to: nil)
            return addAll(of: listed)
        }
        add("state", record.state, listed.state)
        add("name", record.name, listed.shownName)
        // Who was merely taken for the owner is corrected in silence.
        if listed.isOwnerConfirmed, record.isOwnerConfirmed { add("tenantid", record.tenantID, listed.ownerID) }
        add("domainid", record.domainID, listed.domainID)
        compareRelations(listed, record)
        found = differences.isEmpty ? .unchanged : .changed
    }

    /// What the index did not know is no difference: nobody has missed a change of it.
    private mutating func add(_ field: String, _ known: String?, _ listed: String?) {
        if let known, let listed, known != listed { differences.add(field, from: known, to: listed) }
    }

    /// Of each kind that the listing names, it names all; another order is no difference.
    private mutating func compareRelations(_ listed: ResourceFacts, _ record: ResourceRecord) {
        let named = Dictionary(grouping: listed.relations, by: \.kind)
        for kind in listed.completeKinds.union(named.keys).sorted() {
            let ids = named[kind, default: []].map(\.id)
            let known = record.relations[kind] ?? []
            let (listedIDs, knownIDs) = (Set(ids), Set(known))
            let isSame =
                ids.count > ResourceIndexer.maximumRelations
                ? known.count >= ResourceIndexer.maximumRelations && knownIDs.isSubset(of: listedIDs)
                : listedIDs == knownIDs
            if isSame {
                facts.relations.removeAll { $0.kind == kind }
                facts.completeKinds.remove(kind)
                continue
            }
            facts.completeKinds.insert(kind)
            if record.relations[kind] != nil { differences.add(relation: kind, from: known, to: ids) }
        }
    }

    private mutating func addAll(of listed: ResourceFacts) {
        func add(_ field: String, _ value: String?) {
            if let value { differences.add(field, from: nil, to: value) }
        }
        add("state", listed.state)
        add("name", listed.shownName)
        if listed.isOwnerConfirmed { add("tenantid", listed.ownerID) }
        add("domainid", listed.domainID)
        let named = Dictionary(grouping: listed.relations, by: \.kind)
        for (kind, relations) in named.sorted(by: { $0.key < $1.key }) {
            differences.add(
                relation: kind,
                from: [],
                to: Array(relations.map(\.id).suffix(ResourceIndexer.maximumRelations))
            )
        }
    }
}

extension ResourceFacts {
    /// The name that the index goes by.
    var shownName: String? { displayName ?? name }
}
