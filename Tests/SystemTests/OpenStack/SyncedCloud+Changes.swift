import MartletJSON
import MartletTesting
import Testing

// What happens in it.

extension SyncedCloud {
    private var administrator: KeystoneLogin { cloud.administrator }

    func seed() async throws -> Seed {
        let member = try await cloud.makeMember(of: "vostok")
        let spare = try await cloud.makeMember(of: "voskhod")
        let images = [
            try await cloud.glance.makeImage("cirros", as: administrator),
            try await cloud.glance.makeImage("private to vostok", as: member.login),
            try await cloud.glance.makeImage("hidden", as: administrator),
        ]
        try await cloud.glance.upload("the bytes of a disk", to: images[0], as: administrator)
        try await patchImage(images[2], "os_hidden", "true")
        return Seed(
            member: member,
            spare: spare,
            images: images,
            domain: try await make("domain", #"{"name":"ldap"}"#),
            group: try await make("group", #"{"name":"cosmonauts"}"#),
            role: try await make("role", #"{"name":"pilot"}"#)
        )
    }

    /// Things happen, of which the services send notifications.
    ///
    /// - Returns: name and state that the resources have at the end.
    func live(_ seed: Seed) async throws -> [Life] {
        let member = try await cloud.makeMember(of: "soyuz")
        let image = try await cloud.glance.makeImage("soyuz", as: member.login)
        try await cloud.glance.upload("other bytes", to: image, as: member.login)
        try await cloud.glance.rename(image, to: "soyuz 2", as: member.login)
        try await patchImage(seed.images[0], "visibility", #""community""#)
        let brief = try await cloud.glance.makeImage("brief", as: member.login)
        try await cloud.glance.delete(brief, as: member.login)
        try await keystone("PATCH", "projects/\(member.project)", #"{"project":{"enabled":false}}"#)
        let domain = try await make("domain", #"{"name":"mir"}"#)
        let user = try await make("user", #"{"name":"ada","domain_id":"\#(domain)"}"#)
        try await keystone("PATCH", "users/\(user)", #"{"user":{"name":"lovelace"}}"#)
        let role = try await make("role", #"{"name":"engineer","domain_id":"\#(domain)"}"#)
        let group = try await make("group", #"{"name":"brief"}"#)
        try await keystone("DELETE", "groups/\(group)")
        return [
            Life("Template", image, "soyuz 2", "active"), Life("Template", brief, nil),
            Life("Account", member.project, "soyuz", "disabled"), Life("Domain", domain, "mir", "enabled"),
            Life("User", user, "lovelace", "enabled"), Life("User", member.login.userID, member.name, "enabled"),
            Life("Role", role, "engineer"), Life("UserGroup", group, nil),
        ]
    }

    /// Whether the index has the resources like this, or their tombstones.
    func knows(_ lives: [Life], _ server: Server) async throws -> Bool {
        for life in lives {
            guard let record = try await server.resource(life.type, life.id) else { return false }
            let document = record["document"]
            let isKnown =
                life.name == nil
                ? document?["deleted"]?.string != nil
                : document?["name"]?.string == life.name && record["state"]?.string == life.state
            guard isKnown else { return false }
        }
        return true
    }

    /// The same kind of things happen, and nobody listens.
    ///
    /// - Returns: what a sync is to find.
    func changeUnseen(_ seed: Seed) async throws -> Set<Difference> {
        let image = try await cloud.glance.makeImage("progress", as: administrator)
        try await cloud.glance.rename(seed.images[0], to: "cirros 2", as: administrator)
        try await cloud.glance.delete(seed.images[1], as: administrator)
        try await patchImage(seed.images[2], "name", #""hidden 2""#)
        let project = try await make("project", #"{"name":"progress","domain_id":"default"}"#)
        try await keystone("PATCH", "projects/\(seed.member.project)", #"{"project":{"name":"vostok 6"}}"#)
        try await keystone("PATCH", "users/\(seed.member.login.userID)", #"{"user":{"enabled":false}}"#)
        try await keystone("DELETE", "users/\(seed.spare.login.userID)")
        try await keystone("DELETE", "projects/\(seed.spare.project)")
        try await keystone("PATCH", "domains/\(seed.domain)", #"{"domain":{"enabled":false}}"#)
        try await keystone("DELETE", "groups/\(seed.group)")
        try await keystone("PATCH", "roles/\(seed.role)", #"{"role":{"name":"commander"}}"#)
        return [
            Difference(found: "created", type: "Template", id: image),
            Difference(found: "changed", type: "Template", id: seed.images[0]),
            Difference(found: "deleted", type: "Template", id: seed.images[1]),
            Difference(found: "changed", type: "Template", id: seed.images[2]),
            Difference(found: "created", type: "Account", id: project),
            Difference(found: "changed", type: "Account", id: seed.member.project),
            Difference(found: "deleted", type: "Account", id: seed.spare.project),
            Difference(found: "changed", type: "User", id: seed.member.login.userID),
            Difference(found: "deleted", type: "User", id: seed.spare.login.userID),
            Difference(found: "changed", type: "Domain", id: seed.domain),
            Difference(found: "deleted", type: "UserGroup", id: seed.group),
            Difference(found: "changed", type: "Role", id: seed.role),
        ]
    }

    /// How many there are of some types, as the services themselves say.
    func counts() async throws -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for (type, collection) in [("Account", "projects"), ("User", "users"), ("Role", "roles")] {
            counts[type] = Int64(try await keystone("GET", collection)[collection]?.count ?? 0)
        }
        var images: Int64 = 0
        for query in ["?visibility=all", "?visibility=all&os_hidden=true"] {
            let answer = try await cloud.glance.request("GET", "images\(query)", as: administrator)
            images += Int64(answer["images"]?.count ?? 0)
        }
        counts["Template"] = images
        return counts
    }

    func takeOutOfCatalogue(_ service: String) async throws {
        let services = try await keystone("GET", "services?type=\(service)")["services"]
        let id = try #require(services?[0]?["id"]?.string)
        try await keystone("DELETE", "services/\(id)")
    }

    private func patchImage(_ image: String, _ field: String, _ value: String) async throws {
        try await cloud.glance.request(
            "PATCH",
            "images/\(image)",
            #"[{"op":"replace","path":"/\#(field)","value":\#(value)}]"#,
            type: "application/openstack-images-v2.1-json-patch",
            as: administrator
        )
    }

    /// - Returns: the id of what it has made.
    private func make(_ member: String, _ fields: String) async throws -> String {
        let answer = try await keystone("POST", "\(member)s", #"{"\#(member)":\#(fields)}"#)
        return try #require(answer[member]?["id"]?.string)
    }

    @discardableResult private func keystone(
        _ method: String,
        _ path: String,
        _ body: String = ""
    ) async throws -> JSONValue {
        try await cloud.keystone.request(method, path, body, as: administrator)
    }
}
