import MartletJSON

/// The simple names of CloudStack's entities.
///
/// The same entity is called by its interface (`com.cloud.vm.VirtualMachine`, in routing keys `com-cloud-vm-…`), by the
/// class of its database row (`com.cloud.vm.UserVmVO`), by `interface com.cloud.vm.VirtualMachine` in a job's context, and
/// by an API name (`Template` for `VirtualMachineTemplate`), depending on version and category. The index needs one name.
enum EntityNames {
    /// The name that Martlet gives a class or API name, `nil` for CloudStack's words for "none".
    ///
    /// An unknown name keeps its last word, less the `VO` of a database row.
    static func resourceType(of name: some Collection<UInt8>) -> String? {
        if let known = known(name) { return isNone(known) ? nil : known }
        let simple = simpleName(in: Array(name)[...])
        if let known = known(simple) { return isNone(known) ? nil : known }
        return simple.isEmpty ? nil : String(decoding: simple, as: UTF8.self)
    }

    /// The class's own name, without its package and the `VO` of a database row: `VirtualMachineTemplate`.
    static func simpleName(of name: String) -> String {
        String(decoding: simpleName(in: Array(name.utf8)[...]), as: UTF8.self)
    }

    private static func simpleName(in name: Bytes) -> Bytes {
        let start = name.lastIndex { separators.contains($0) }.map { $0 + 1 } ?? name.startIndex
        let word = name[start...]
        for suffix in rowSuffixes where word.count > suffix.count && word.suffix(suffix.count).elementsEqual(suffix) {
            return word.dropLast(suffix.count)
        }
        return word
    }

    /// Blank, full stop, hyphen (a full stop in a routing key), and the `$` before a nested class.
    private static let separators: [UInt8] = Array(" .-$".utf8)
    /// Of database rows, and of the API's answers.
    private static let rowSuffixes = ["JoinVO", "VO", "Response"].map { Array($0.utf8) }

    private static func known(_ name: some Collection<UInt8>) -> String? {
        table.number(of: name).map { names[$0].plain }
    }

    private static func isNone(_ name: String) -> Bool { name.isEmpty }

    private static let table = NameTable(names.map(\.origin))

    /// The names that are spelt otherwise: of classes, of database rows, of API resource types.
    private static let aliases: [(origin: String, plain: String)] = [
        ("VMInstance", "VirtualMachine"), ("VMInstanceVO", "VirtualMachine"), ("UserVm", "VirtualMachine"),
        ("UserVmVO", "VirtualMachine"), ("com.cloud.vm.VirtualMachine", "VirtualMachine"),
        ("com.cloud.vm.VMInstanceVO", "VirtualMachine"), ("com.cloud.vm.UserVmVO", "VirtualMachine"),
        ("com.cloud.storage.Volume", "Volume"), ("com.cloud.storage.Snapshot", "Snapshot"),
        ("com.cloud.network.Network", "Network"), ("com.cloud.user.Account", "Account"),
        ("com.cloud.user.User", "User"),
        ("VirtualMachineTemplate", "Template"), ("VMTemplate", "Template"),
        ("com.cloud.template.VirtualMachineTemplate", "Template"),
        ("DataCenter", "Zone"), ("HostPod", "Pod"), ("DomainRouter", "VirtualRouter"),
        ("PrimaryDataStore", "StoragePool"),
        ("VMSnapshot", "VmSnapshot"), ("IPAddress", "IpAddress"), ("NetworkAcl", "NetworkACL"),
        ("NetworkAclItem", "NetworkACLItem"), ("LoadBalancerRule", "LoadBalancer"),
        ("LoadBalancingRule", "LoadBalancer"),
        ("GuestOs", "GuestOS"), ("GuestOsMapping", "GuestOSHypervisor"), ("TrafficType", "PhysicalNetworkTrafficType"),
        ("DedicatedGuestVlanRange", "GuestVlan"), ("PortableIp", "PortableIpAddress"),
        // CloudStack's words for "none", and the topic's.
        ("None", ""), ("unknown", ""), ("NONE", ""), ("*", ""), ("null", ""),
    ]

    /// Names that stand for themselves and come often.
    private static let plainNames = [
        "VirtualMachine", "Volume", "Snapshot", "Network", "Account", "User", "Template", "Iso", "Zone", "Pod",
        "Cluster",
        "Host", "Domain", "Project", "Nic", "Vpc", "IpAddress", "FirewallRule", "LoadBalancer", "VirtualRouter",
        "SecurityGroup", "AffinityGroup", "ServiceOffering", "DiskOffering", "NetworkOffering", "StoragePool",
        "ImageStore",
        "PhysicalNetwork", "Role", "SnapshotPolicy", "AutoScaleVmGroup", "SharedFS", "VmSnapshot", "Backup",
        "Condition",
        // The one entity of the catalogue whose name has full stops.
        "NETSCALER.SERVICEPACKAGE.CREATE", "NETSCALER.SERVICEPACKAGE.DELETE",
    ]

    private static let names = aliases + plainNames.map { (origin: $0, plain: $0) }
}
