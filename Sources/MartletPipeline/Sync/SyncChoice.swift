import Martlet

/// Whom a sync asks, and for which types.
struct SyncChoice: Sendable {
    let member: EnrichmentMember
    let inventory: any ResourceInventory
    let types: [String]

    var cloud: String { member.enricher.cloud }

    /// - Throws: what is missing or ambiguous, with the remedy.
    init(_ request: SyncRequest, among members: [EnrichmentMember]) throws(SyncError) {
        let kind = request.kind
        let ofKind = members.filter { $0.name == kind }
        let clouds = Set(ofKind.map(\.enricher.cloud)).sorted()
        guard !clouds.isEmpty else {
            throw SyncError(.noEnricher, SyncChoice.noEnricher(kind, request.cloud), field: "kind")
        }
        let cloud: String
        if let wanted = request.cloud {
            guard clouds.contains(wanted) else {
                let text = Spelling.unknown("cloud with an enricher of the kind \(kind)", wanted, known: clouds)
                throw SyncError(.invalid, text.prefix(1).uppercased() + text.dropFirst() + ".", field: "cloud")
            }
            cloud = wanted
        } else {
            guard clouds.count == 1 else {
                throw SyncError(
                    .invalid,
                    "There are several clouds of the kind \(kind): \(clouds.joined(separator: ", ")). Say which one.",
                    field: "cloud"
                )
            }
            cloud = clouds[0]
        }
        let candidates = ofKind.filter { $0.enricher.cloud == cloud }
        guard
            let (member, inventory) = candidates.lazy.compactMap({ member in
                member.enricher.inventory.map { (member, $0) }
            }).first
        else {
            throw SyncError(
                .noEnricher,
                "The enricher \(kind) of the cloud “\(cloud)” cannot list resources: a sync needs one that can.",
                field: "kind"
            )
        }
        self.member = member
        self.inventory = inventory
        let known = inventory.types
        for type in request.types where !known.contains(type) {
            let text = Spelling.unknown("type of resources", type, known: known)
            throw SyncError(.invalid, text.prefix(1).uppercased() + text.dropFirst() + ".", field: "types")
        }
        // In the inventory's order: owners before what is theirs.
        types = request.types.isEmpty ? known : known.filter(request.types.contains)
    }

    private static func noEnricher(_ kind: String, _ cloud: String?) -> String {
        let cloud = cloud ?? "NAME"
        let settings =
            kind == "openstack"
            ? """
            { cloud: \(cloud), keystone: { auth-url: https://keystone.example:5000/v3, application-credential-id: ID, \
            application-credential-secret: { file: PATH } } }
            """
            : "{ cloud: \(cloud), endpoint: https://cloud.example/client/api, api-key: { file: PATH }, secret-key: { file: PATH } }"
        return """
            The configuration has no enricher of the kind \(kind), whose API a sync reads. Add one and reload: enrichers: \
            [ \(kind): \(settings) ]
            """
    }
}
