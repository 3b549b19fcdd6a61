import MartletJSON

/// Where resources of one type are in the API of their service.
package struct OpenStackPath: Sendable, Hashable {
    package let service: OpenStackService
    /// The collection: `networks`.
    package let collection: String
    /// The member of an answer that holds the resource; `nil` where the answer is the resource.
    package let member: String?
    /// The version of the API that is needed, where the first one does not do.
    let microversion: String?
    let listing: OpenStackListing

    private init(
        _ service: OpenStackService,
        _ collection: String,
        _ member: String?,
        _ listing: OpenStackListing? = nil,
        microversion: String? = nil
    ) {
        self.service = service
        self.collection = collection
        self.member = member
        self.microversion = microversion
        self.listing = listing ?? OpenStackListing(collection)
    }

    /// The place of a resource type; `nil` where no service is asked for it.
    package init?(of type: String) {
        guard let known = Self.table[type] else { return nil }
        self = known
    }

    /// The types in an order in which owners, and what others are made of, come first.
    package static let types = [
        "Domain", "Account", "Role", "User", "UserGroup", keyPair, "ServiceOffering", "DiskOffering", "Template",
        "AffinityGroup", "SecurityGroup", "Network", "SubnetPool", "Subnet", "Router", "VirtualMachine", "Port",
        "IpAddress", "Volume", "Snapshot", "Backup",
    ]

    /// The type of what Nova lists for one user at a time.
    static let keyPair = "SSHKeyPair"

    /// By resource type, in the words of the events.
    private static let table = [
        "VirtualMachine": OpenStackPath(
            .compute,
            "servers",
            "server",
            OpenStackListing("servers/detail", "servers", queries: ["all_tenants=true"])
        ),
        "ServiceOffering": OpenStackPath(
            .compute,
            "flavors",
            "flavor",
            OpenStackListing("flavors/detail", "flavors", queries: ["is_public=None"])
        ),
        "AffinityGroup": OpenStackPath(
            .compute,
            "os-server-groups",
            "server_group",
            OpenStackListing("os-server-groups", "server_groups", queries: ["all_projects=true"], paging: .offset)
        ),
        keyPair: OpenStackPath(
            .compute,
            "os-keypairs",
            "keypair",
            OpenStackListing("os-keypairs", "keypairs", paging: .whole, scope: .user),
            microversion: "2.10"
        ),
        "Volume": OpenStackPath(.volume, "volumes", "volume", .ofAllTenants("volumes")),
        "Snapshot": OpenStackPath(.volume, "snapshots", "snapshot", .ofAllTenants("snapshots")),
        "Backup": OpenStackPath(.volume, "backups", "backup", .ofAllTenants("backups")),
        "DiskOffering": OpenStackPath(
            .volume,
            "types",
            "volume_type",
            OpenStackListing("types", "volume_types", queries: ["is_public=None"])
        ),
        "Template": OpenStackPath(
            .image,
            "images",
            nil,
            OpenStackListing("images", queries: [Self.allImages, Self.allImages + "&os_hidden=true"])
        ),
        "Network": OpenStackPath(.network, "networks", "network"),
        "Subnet": OpenStackPath(.network, "subnets", "subnet"),
        "SubnetPool": OpenStackPath(.network, "subnetpools", "subnetpool"),
        "Port": OpenStackPath(.network, "ports", "port"),
        "Router": OpenStackPath(.network, "routers", "router"),
        "IpAddress": OpenStackPath(.network, "floatingips", "floatingip"),
        "SecurityGroup": OpenStackPath(
            .network,
            "security-groups",
            "security_group",
            OpenStackListing("security-groups", "security_groups")
        ),
        "Account": OpenStackPath(.identity, "projects", "project", .ofKeystone("projects")),
        "User": OpenStackPath(.identity, "users", "user", .ofKeystone("users", scope: .domain)),
        "UserGroup": OpenStackPath(.identity, "groups", "group", .ofKeystone("groups", scope: .domain)),
        "Domain": OpenStackPath(.identity, "domains", "domain", .ofKeystone("domains")),
        "Role": OpenStackPath(.identity, "roles", "role", .ofKeystone("roles")),
    ]

    /// Those of the community, too, and those that were shared and not accepted; hidden ones come only where they are asked for.
    private static let allImages = "visibility=all&member_status=all"

    /// The path and the query of one resource; `nil` where it cannot have this id.
    ///
    /// A key pair's is its user's with its name, which other users' key pairs may have too.
    func place(of id: String) -> (path: String, query: String)? {
        guard listing.scope == .user else { return ("\(collection)/\(Self.escape(id))", "") }
        guard let colon = id.firstIndex(of: ":") else { return nil }
        let name = id[id.index(after: colon)...]
        return ("\(collection)/\(Self.escape(String(name)))", "?user_id=\(Self.escape(String(id[..<colon])))")
    }

    /// The id by which events know a resource that has been listed.
    func id(of document: JSONValue) -> String? {
        guard listing.scope == .user else { return document["id"]?.string }
        guard let user = document["user_id"]?.string, let name = document["name"]?.string else { return nil }
        return "\(user):\(name)"
    }

    /// A text as one part of a path.
    static func escape(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: escaped.append(byte)
            default: escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
