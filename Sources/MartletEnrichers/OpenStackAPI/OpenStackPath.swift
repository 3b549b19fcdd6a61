/// Where resources of one type are in the API of their service.
package struct OpenStackPath: Sendable, Hashable {
    package let service: OpenStackService
    /// The collection: `networks`.
    package let collection: String
    /// The member of an answer that holds the resource; `nil` where the answer is the resource.
    package let member: String?
    /// Where the collection is listed with its details, and the member of that answer which holds the list.
    package let listPath: String
    package let listMember: String

    private init(
        _ service: OpenStackService,
        _ collection: String,
        _ member: String?,
        listPath: String? = nil,
        listMember: String? = nil
    ) {
        self.service = service
        self.collection = collection
        self.member = member
        self.listPath = listPath ?? collection
        self.listMember = listMember ?? collection
    }

    /// The place of a resource type; `nil` where no service is asked for it.
    package init?(of type: String) {
        guard let known = Self.table[type] else { return nil }
        self = known
    }

    /// By resource type, in the words of the events.
    private static let table = [
        "VirtualMachine": OpenStackPath(.compute, "servers", "server", listPath: "servers/detail"),
        "ServiceOffering": OpenStackPath(.compute, "flavors", "flavor", listPath: "flavors/detail"),
        "AffinityGroup": OpenStackPath(.compute, "os-server-groups", "server_group", listMember: "server_groups"),
        "Volume": OpenStackPath(.volume, "volumes", "volume", listPath: "volumes/detail"),
        "Snapshot": OpenStackPath(.volume, "snapshots", "snapshot", listPath: "snapshots/detail"),
        "Backup": OpenStackPath(.volume, "backups", "backup", listPath: "backups/detail"),
        "DiskOffering": OpenStackPath(.volume, "types", "volume_type", listMember: "volume_types"),
        "Template": OpenStackPath(.image, "images", nil),
        "Network": OpenStackPath(.network, "networks", "network"),
        "Subnet": OpenStackPath(.network, "subnets", "subnet"),
        "SubnetPool": OpenStackPath(.network, "subnetpools", "subnetpool"),
        "Port": OpenStackPath(.network, "ports", "port"),
        "Router": OpenStackPath(.network, "routers", "router"),
        "IpAddress": OpenStackPath(.network, "floatingips", "floatingip"),
        "SecurityGroup": OpenStackPath(.network, "security-groups", "security_group", listMember: "security_groups"),
        "Account": OpenStackPath(.identity, "projects", "project"),
        "User": OpenStackPath(.identity, "users", "user"),
        "UserGroup": OpenStackPath(.identity, "groups", "group"),
        "Domain": OpenStackPath(.identity, "domains", "domain"),
        "Role": OpenStackPath(.identity, "roles", "role"),
    ]

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
