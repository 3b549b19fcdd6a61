/// How the resources of one type are listed, whoever they belong to.
struct OpenStackListing: Sendable, Hashable {
    /// How a list goes on behind a page.
    enum Paging: Sendable, Hashable {
        /// Behind a resource, which the query names by its id.
        case marker
        /// Behind so many resources.
        case offset
        /// It gives everything at once; Keystones that do not say where it goes on.
        case link
        /// It gives everything at once.
        case whole
    }

    /// Whose resources one list holds.
    enum Scope: Sendable, Hashable {
        case everybody
        /// Those of one domain after the other: where domains have identity drivers of their own, as LDAP, Keystone lists those of
        /// the token's domain alone, without a word.
        case domain
        /// Those of one user after the other: Nova knows no list of all key pairs.
        case user
    }

    /// Where the collection is listed with its details: `servers/detail`.
    let path: String
    /// The member of the answer that holds the list.
    let member: String
    /// The queries that list everything together.
    let queries: [String]
    let paging: Paging
    let scope: Scope

    init(
        _ path: String,
        _ member: String? = nil,
        queries: [String] = [""],
        paging: Paging = .marker,
        scope: Scope = .everybody
    ) {
        self.path = path
        self.member = member ?? path
        self.queries = queries
        self.paging = paging
        self.scope = scope
    }

    static func ofAllTenants(_ collection: String) -> OpenStackListing {
        OpenStackListing("\(collection)/detail", collection, queries: ["all_tenants=true"])
    }

    static func ofKeystone(_ collection: String, scope: Scope = .everybody) -> OpenStackListing {
        OpenStackListing(collection, paging: .link, scope: scope)
    }
}
