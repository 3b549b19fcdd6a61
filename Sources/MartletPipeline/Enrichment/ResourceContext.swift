/// What stands beside a resource's document where it leaves enriched.
package struct ResourceContext: Sendable, Hashable {
    package enum Enrichment: String, Sendable, CaseIterable {
        /// The cloud's API has been asked since the resource last changed.
        case complete
        /// It has not answered yet, or not at all: what is missing is not known to be absent.
        case partial
    }

    /// `nil` where nobody can be asked for resources of this kind.
    package var enrichment: Enrichment?
    /// The names of those that the document names by their ids alone: by the field or the kind of relation, then by id.
    package var names: [String: [String: String]] = [:]

    package init(enrichment: Enrichment? = nil, names: [String: [String: String]] = [:]) {
        self.enrichment = enrichment
        self.names = names
    }
}
