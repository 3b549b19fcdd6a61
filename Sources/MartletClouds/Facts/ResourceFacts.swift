package import MartletJSON

/// What an event tells of its resource beyond its attributes: what the index makes a resource's document of.
package struct ResourceFacts: Sendable {
    /// Another resource that this one is tied to.
    package struct Relation: Sendable, Hashable {
        /// `host`, `zone`, `network`, …: the resource type in lower case.
        package var kind: String
        package var id: String

        package init(kind: String, id: String) {
            self.kind = kind
            self.id = id
        }
    }

    package var name: String?
    package var displayName: String?
    /// The account or project that the resource belongs to, as far as the event tells.
    package var ownerID: String?
    /// The origin named the owner of the resource; otherwise `ownerID` is merely who acted on it.
    package var isOwnerConfirmed = false
    package var domainID: String?
    /// The state that the resource is in now: none that is only announced, and none of an operation that failed.
    package var state: String?
    /// No event of the origin's tells such states: they only say that the resource has changed.
    package var isStateUntold = false
    /// The resource came into being.
    package var isCreation = false
    /// The resource is gone for good.
    package var isDeletion = false
    /// The resource came back from being deleted, or from waiting for that.
    package var isRecovery = false
    package var relations: [Relation] = []
    /// The kinds of which `relations` names all that there are: what is known besides is over.
    package var completeKinds: Set<String> = []
    /// What the resource is no longer tied to.
    package var endedRelations: [Relation] = []
    /// The origin's own document of the resource, a JSON object.
    package var details: Bytes?
    /// The deed that another event may tell of in another form.
    package var twin: Twin?
    /// The event has come by a way of its own, beside that by which its publisher's others come in their order: no later
    /// than another in the log, it may be the older one.
    package var isOutOfOrder = false

    package init() {}

    /// Adds a relation that is not there yet.
    package mutating func relate(_ kind: String, _ id: String) {
        let relation = Relation(kind: kind, id: id)
        if !relations.contains(relation) { relations.append(relation) }
    }
}
