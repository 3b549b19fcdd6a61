/// The kinds of relations, which are types of resources in lower case.
package enum RelationKinds {
    /// The type of the resources that a relation of this kind leads to; `nil` where no document names one like that.
    package static func resourceType(of kind: String) -> String? { types[kind] }

    private static let types = Dictionary(
        [
            "Account", "AffinityGroup", "BaremetalChassis", "BaremetalNode", "BaremetalPortGroup", "Cluster",
            "DiskOffering", "DnsPool", "DnsZone", "Domain", "Flavor", "FloatingIp", "Host", "Image",
            "IpAddress", "Iso", "KeyPair", "Network", "NetworkOffering", "Nic", "PhysicalNetwork", "Pod", "Port",
            "Project",
            "Router", "SecurityGroup", "ServiceOffering", "SharedFS", "Snapshot", "StoragePool", "Subnet",
            "SubnetPool", "Template", "User",
            "VirtualMachine", "Volume", "VolumeGroup", "Vpc", "VpcOffering", "Zone",
        ].map { ($0.lowercased(), $0) },
        uniquingKeysWith: { first, _ in first }
    )
}
