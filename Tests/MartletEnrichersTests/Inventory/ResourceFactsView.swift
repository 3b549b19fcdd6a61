import MartletClouds

/// Facts as they are compared.
struct ResourceFactsView: Hashable {
    var name: String?
    var displayName: String?
    var state: String?
    var ownerID: String?
    var isOwnerConfirmed: Bool
    var domainID: String?
    var relations: [ResourceFacts.Relation]
    var completeKinds: Set<String>
    var text: String

    init(_ facts: ResourceFacts) {
        name = facts.name
        displayName = facts.displayName
        state = facts.state
        ownerID = facts.ownerID
        isOwnerConfirmed = facts.isOwnerConfirmed
        domainID = facts.domainID
        relations = facts.relations
        completeKinds = facts.completeKinds
        text = facts.text
    }
}
