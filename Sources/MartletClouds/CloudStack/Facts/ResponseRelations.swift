import MartletJSON

/// The members of the API's answers that hold the id of another resource.
enum ResponseRelations {
    /// Calls `body` with the kind and the id of each resource that the document names.
    static func visit(_ document: JSONValue, _ body: (_ kind: String, _ id: String) -> Void) {
        for member in document.members {
            guard let number = table.number(of: member.keyContent) else { continue }
            let (_, kind, elementID) = members[number]
            guard let elementID else {
                if let id = member.value.identifier { body(kind, id) }
                continue
            }
            for element in member.value.elements {
                if let id = element[elementID]?.identifier { body(kind, id) }
            }
        }
    }

    static var kinds: Set<String> { Set(members.map(\.kind)) }

    private typealias Member = (name: String, kind: String, elementID: StaticString?)

    /// Where `elementID` is set the member is a list, and each of its objects holds the id there.
    private static let members: [Member] = [
        ("hostid", "host", nil), ("zoneid", "zone", nil), ("podid", "pod", nil), ("clusterid", "cluster", nil),
        ("accountid", "account", nil), ("domainid", "domain", nil), ("projectid", "project", nil),
        ("userid", "user", nil),
        ("virtualmachineid", "virtualmachine", nil), ("volumeid", "volume", nil), ("snapshotid", "snapshot", nil),
        ("networkid", "network", nil), ("associatednetworkid", "network", nil), ("vpcid", "vpc", nil),
        ("physicalnetworkid", "physicalnetwork", nil), ("templateid", "template", nil), ("isoid", "iso", nil),
        ("serviceofferingid", "serviceoffering", nil), ("diskofferingid", "diskoffering", nil),
        ("networkofferingid", "networkoffering", nil), ("vpcofferingid", "vpcoffering", nil),
        ("storageid", "storagepool", nil), ("publicipid", "ipaddress", nil), ("ipaddressid", "ipaddress", nil),
        ("autoscalevmgroupid", "autoscalevmgroup", nil),
        ("nic", "network", "networkid"), ("volume", "volume", "id"), ("volumes", "volume", "id"),
        ("securitygroup", "securitygroup", "id"), ("affinitygroup", "affinitygroup", "id"),
    ]

    private static let table = NameTable(members.map(\.name))
}
