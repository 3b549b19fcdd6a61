import Martlet
import MartletJSON

/// The members of OpenStack's payloads that hold the id of another resource.
enum OsloRelations {
    /// One id; where the member is there and empty, the resource is no longer related.
    private struct One {
        var member: String
        var kind: String
    }

    /// A list, each of its elements the id or an object that holds it.
    private struct Many {
        enum Extent {
            /// It names all that there are.
            case all
            /// It names all where it names any; empty it says that nobody asked.
            case allWhereAny
            /// It names those that have come.
            case added
        }

        var member: String
        var element: String?
        var kind: String
        var extent = Extent.all
    }

    static var kinds: Set<String> {
        Set(ones.values.joined().map(\.kind)).union(manies.values.joined().map(\.kind))
    }

    static func read(_ data: JSONValue, of resource: ResourceReference, into facts: inout ResourceFacts) {
        for relation in ones[resource.type] ?? [] {
            guard let value = data[relation.member] else { continue }
            facts.completeKinds.insert(relation.kind)
            if let id = value.identifier { facts.relate(relation.kind, id) }
        }
        for relation in manies[resource.type] ?? [] {
            guard let list = data[relation.member], list.kind == .array else { continue }
            switch relation.extent {
            case .all: facts.completeKinds.insert(relation.kind)
            case .allWhereAny: if list.count > 0 { facts.completeKinds.insert(relation.kind) }
            case .added: break
            }
            for element in list.elements {
                let object = element.versionedData ?? element
                let id = relation.element.map { object[$0] } ?? object
                if let id = id?.identifier { facts.relate(relation.kind, id) }
            }
        }
        switch resource.type {
        case "VirtualMachine": readMachine(data, into: &facts)
        case "Port": readPort(data, into: &facts)
        case "Router":
            if let gateway = data["external_gateway_info"] {
                facts.completeKinds.insert("network")
                if let id = gateway["network_id"]?.identifier { facts.relate("network", id) }
            }
        default: break
        }
    }

    private static func readMachine(_ data: JSONValue, into facts: inout ResourceFacts) {
        let flavor = data["flavor"]?.versionedData
        if let id = (flavor?["flavorid"] ?? data["instance_flavor_id"])?.identifier {
            facts.relate("serviceoffering", id)
        }
    }

    /// A port belongs to whatever its device is.
    private static func readPort(_ data: JSONValue, into facts: inout ResourceFacts) {
        guard let device = data["device_id"] else { return }
        facts.completeKinds.formUnion(["virtualmachine", "router"])
        guard let id = device.identifier, let owner = data["device_owner"] else { return }
        if owner.hasPrefix("compute:") {
            facts.relate("virtualmachine", id)
        } else if owner.hasPrefix("network:router") || owner.hasPrefix("network:ha_router") {
            facts.relate("router", id)
        }
    }

    private static let ones: [String: [One]] = [
        "VirtualMachine": [
            One(member: "image_uuid", kind: "template"), One(member: "host", kind: "host"),
            One(member: "user_id", kind: "user"),
        ],
        "Volume": [One(member: "snapshot_id", kind: "snapshot"), One(member: "volume_type", kind: "diskoffering")],
        "Snapshot": [One(member: "volume_id", kind: "volume")],
        "Backup": [One(member: "volume_id", kind: "volume"), One(member: "snapshot_id", kind: "snapshot")],
        "VolumeGroupSnapshot": [One(member: "group_id", kind: "volumegroup")],
        "Port": [One(member: "network_id", kind: "network")],
        "Subnet": [One(member: "network_id", kind: "network"), One(member: "subnetpool_id", kind: "subnetpool")],
        "IpAddress": [
            One(member: "port_id", kind: "port"), One(member: "router_id", kind: "router"),
            One(member: "floating_network_id", kind: "network"),
        ],
        "SecurityGroupRule": [One(member: "security_group_id", kind: "securitygroup")],
        "NetworkSegment": [One(member: "network_id", kind: "network")],
        "Trunk": [One(member: "port_id", kind: "port")],
        "BaremetalNode": [
            One(member: "instance_uuid", kind: "virtualmachine"), One(member: "chassis_uuid", kind: "baremetalchassis"),
        ],
        "BaremetalPort": [
            One(member: "node_uuid", kind: "baremetalnode"), One(member: "portgroup_uuid", kind: "baremetalportgroup"),
        ],
        "BaremetalPortGroup": [One(member: "node_uuid", kind: "baremetalnode")],
        "BaremetalVolumeConnector": [One(member: "node_uuid", kind: "baremetalnode")],
        "BaremetalVolumeTarget": [
            One(member: "node_uuid", kind: "baremetalnode"), One(member: "volume_id", kind: "volume"),
        ],
        "DnsRecord": [One(member: "zone_id", kind: "dnszone")],
        "DnsZone": [One(member: "pool_id", kind: "dnspool")],
        "SSHKeyPair": [One(member: "user_id", kind: "user")],
    ]

    private static let manies: [String: [Many]] = [
        "VirtualMachine": [
            // Both are empty where nova does not look them up.
            Many(member: "ip_addresses", element: "port_uuid", kind: "port", extent: .allWhereAny),
            Many(member: "block_devices", element: "volume_id", kind: "volume", extent: .allWhereAny),
        ],
        "Volume": [Many(member: "volume_attachment", element: "instance_uuid", kind: "virtualmachine")],
        "Network": [Many(member: "subnets", element: nil, kind: "subnet")],
        "Port": [
            Many(member: "security_groups", element: nil, kind: "securitygroup"),
            Many(member: "fixed_ips", element: "subnet_id", kind: "subnet"),
        ],
        "AffinityGroup": [
            Many(member: "members", element: nil, kind: "virtualmachine"),
            Many(member: "instance_uuids", element: nil, kind: "virtualmachine", extent: .added),
        ],
        "Aggregate": [Many(member: "hosts", element: nil, kind: "host")],
    ]
}
