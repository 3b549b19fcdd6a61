/// The kinds of relations, which are types of resources in lower case.
package enum RelationKinds {
    /// The type of the resources that a relation of this kind leads to; `nil` where no document names one like that.
    package static func resourceType(of kind: String) -> String? { types[kind] }

    /// The types that relations lead to, as the formats spell them.
    static let all = [
        "Account", "AffinityGroup", "AutoScaleVmGroup", "BaremetalChassis", "BaremetalNode", "BaremetalPortGroup",
        "Cluster", "DiskOffering", "DnsPool", "DnsZone", "Domain", "Host", "IpAddress", "Iso", "Network",
        "NetworkOffering", "Nic", "PhysicalNetwork", "Pod", "Port", "Project", "Router", "SSHKeyPair", "SecurityGroup",
        "ServiceOffering", "SharedFS", "Snapshot", "StoragePool", "Subnet", "SubnetPool", "Template", "User",
        "VirtualMachine", "VirtualRouter", "Volume", "VolumeGroup", "Vpc", "VpcOffering", "Zone",
    ]

    private static let types = Dictionary(all.map { ($0.lowercased(), $0) }) { first, _ in first }
}
