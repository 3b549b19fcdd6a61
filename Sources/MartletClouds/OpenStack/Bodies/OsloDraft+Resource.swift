import Martlet
import MartletJSON

extension OsloDraft {
    /// The resource that the event type speaks of; where the payload has no id of it, another one that it names.
    mutating func readResource() {
        resourceType = type.noun?.resourceType
        if let noun = type.noun { resourceID = body.isCADF ? cadfIdentifier(of: noun) : identifier(of: noun) }
        if type.noun?.service == "neutron", type.noun?.name == "tag" { readTaggedResource() }
        guard resourceID == nil, !body.isCADF, let noun = type.noun else { return }
        if !noun.isKnown || noun.isPart || noun.resourceType == nil { readForeignResource() }
    }

    private func identifier(of noun: OpenStackNoun) -> String? {
        switch (noun.service, noun.name) {
        case ("nova", "keypair"):
            // Its name is one of its user's, and other users have the same.
            return joined(body.data?["user_id"], body.data?["name"] ?? body.data?["key_name"])
        case ("glance", "metadef_object"), ("glance", "metadef_property"), ("glance", "metadef_tag"),
            ("glance", "metadef_resource_type"):
            return joined(body.data?["namespace"], body.data?["name"])
        case ("swift", "container"): return joined(body.data?["account"], body.data?["container"])
        case ("swift", "object"):
            return joined(body.data?["account"], body.data?["container"], body.data?["object"])
        case ("swift", "account"): return body.data?["account"]?.identifier
        case ("heat", _):
            // `arn:openstack:heat::<project>:stacks/<name>/<id>`
            let identity = body.identifier(noun.identifiers)
            return identity?.split(separator: "/").last.map(String.init)
        default: return body.identifier(noun.identifiers)
        }
    }

    /// Keystone's and Swift's CADF events. The payload's own `id` is the event's.
    private func cadfIdentifier(of noun: OpenStackNoun) -> String? {
        guard let payload = body.payload, noun.resourceType != nil else { return nil }
        switch (noun.service, noun.name) {
        case ("keystone", "authenticate"):
            return payload["initiator"]?["user_id"]?.identifier ?? payload["initiator"]?["id"]?.identifier
        case ("keystone", "role_assignment"):
            // It has no id of its own, and the target's is made up for each event.
            return joined(
                payload["role"],
                payload["user"] ?? payload["group"],
                payload["project"] ?? payload["domain"]
            )
        default: return payload["resource_info"]?.identifier ?? payload["target"]?["id"]?.identifier
        }
    }

    private func joined(_ parts: JSONValue?...) -> String? {
        var texts: [String] = []
        for part in parts {
            guard let text = part?.identifier else { return nil }
            texts.append(text)
        }
        return texts.joined(separator: ":")
    }

    /// Neutron's tags are of any resource, which is named in the plural: `networks`.
    private mutating func readTaggedResource() {
        guard let parent = body.identifier(["parent_resource", "resource_type"]) else { return }
        var word = parent[...]
        if word.hasSuffix("ies") {
            word = word.dropLast(3) + "y"
        } else if word.hasSuffix("s") {
            word = word.dropLast()
        }
        let noun = OpenStackNoun.known(word, of: "neutron") ?? OpenStackNoun(unknown: String(word), of: "neutron")
        resourceType = noun.resourceType
        fields.extensions = ["origintype": .string(noun.origin)]
    }

    private mutating func readForeignResource() {
        for (name, type, origin) in OsloDraft.foreignMembers {
            guard let found = body.data?[name]?.identifier else { continue }
            (resourceType, resourceID) = (type, found)
            fields.extensions = ["origintype": .string(origin)]
            return
        }
    }

    private static let foreignMembers: [(name: String, type: String, origin: String)] = [
        ("instance_uuid", "VirtualMachine", "instance"), ("instance_id", "VirtualMachine", "instance"),
        ("server_id", "VirtualMachine", "instance"), ("volume_id", "Volume", "volume"),
        ("snapshot_id", "Snapshot", "snapshot"), ("image_id", "Template", "image"), ("port_id", "Port", "port"),
        ("router_id", "Router", "router"), ("subnet_id", "Subnet", "subnet"), ("network_id", "Network", "network"),
        ("stack_id", "Stack", "stack"), ("node_uuid", "BaremetalNode", "node"), ("zone_id", "DnsZone", "zone"),
        ("share_id", "SharedFS", "share"),
    ]
}
