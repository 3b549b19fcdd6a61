/// A command of CloudStack's API that lists resources of one type.
package struct CloudStackListCommand: Sendable, Hashable {
    package let name: String
    /// The member of the answer that holds the list.
    package let member: String
    /// What is always asked for.
    package let parameters: [String: String]
    /// Whether what it lists may belong to a project: it leaves that out where it is not asked for it.
    package let isOfProjects: Bool

    private init(
        _ name: String,
        _ member: String,
        _ parameters: [String: String] = ["listall": "true"],
        isOfProjects: Bool = false
    ) {
        self.name = name
        self.member = member
        self.parameters = parameters
        self.isOfProjects = isOfProjects
    }

    /// One that lists what belongs to an account or to a project.
    private static func owned(_ name: String, _ member: String, _ filter: [String: String] = [:])
        -> CloudStackListCommand
    {
        let parameters = filter.merging(["listall": "true"]) { $1 }
        return CloudStackListCommand(name, member, parameters, isOfProjects: true)
    }

    static let accounts = CloudStackListCommand("listAccounts", "account")
    static let projects = CloudStackListCommand("listProjects", "project")
    private static let isos = owned("listIsos", "iso", ["isofilter": "all"])
    private static let templates = owned("listTemplates", "template", ["templatefilter": "all"])

    /// The commands that may know a resource of this type, the likelier first; none where no command does.
    package static func commands(for type: String) -> [CloudStackListCommand] { table[type] ?? [] }

    /// The commands that together list all resources of this type.
    ///
    /// What another type lists is left out, though the index may know it by this one, too; but for virtual routers, of which
    /// events tell by both.
    package static func listing(of type: String) -> [CloudStackListCommand] {
        switch type {
        case "Template": [templates]
        case "Account": [accounts]
        default: commands(for: type)
        }
    }

    /// The types in an order in which owners, and what others are made of, come first.
    package static let types = [
        "Domain", "Account", "Project", "User", "Role", "Zone", "Pod", "Cluster", "Host", "StoragePool", "ImageStore",
        "PhysicalNetwork", "ServiceOffering", "DiskOffering", "NetworkOffering", "VpcOffering", "Template", "Iso",
        "AffinityGroup", "SecurityGroup", "Vpc", "Network", "VirtualRouter", "VirtualMachine", "Volume", "Snapshot",
        "IpAddress", "LoadBalancer", "FirewallRule", "AutoScaleVmGroup",
    ]

    /// By resource type. What belongs to nobody takes no `listall`.
    private static let table: [String: [CloudStackListCommand]] = [
        // Events call system machines by the same word.
        "VirtualMachine": [
            owned("listVirtualMachines", "virtualmachine"),
            CloudStackListCommand("listSystemVms", "systemvm", [:]), owned("listRouters", "router"),
        ],
        "VirtualRouter": [owned("listRouters", "router")],
        "Volume": [owned("listVolumes", "volume")],
        "Snapshot": [owned("listSnapshots", "snapshot")],
        // A machine made of an ISO names it as its template.
        "Template": [templates, isos],
        "Iso": [isos],
        "Network": [owned("listNetworks", "network")],
        "Vpc": [owned("listVPCs", "vpc")],
        "IpAddress": [owned("listPublicIpAddresses", "publicipaddress")],
        "LoadBalancer": [owned("listLoadBalancerRules", "loadbalancerrule")],
        "FirewallRule": [owned("listFirewallRules", "firewallrule")],
        "SecurityGroup": [owned("listSecurityGroups", "securitygroup")],
        "AffinityGroup": [owned("listAffinityGroups", "affinitygroup")],
        "AutoScaleVmGroup": [owned("listAutoScaleVmGroups", "autoscalevmgroup")],
        // What belongs to a project is the project's, and events name that as the owner.
        "Account": [accounts, projects],
        "Project": [projects],
        "User": [CloudStackListCommand("listUsers", "user")],
        "Domain": [CloudStackListCommand("listDomains", "domain")],
        "Zone": [CloudStackListCommand("listZones", "zone", [:])],
        "Pod": [CloudStackListCommand("listPods", "pod", [:])],
        "Cluster": [CloudStackListCommand("listClusters", "cluster", [:])],
        "Host": [CloudStackListCommand("listHosts", "host", [:])],
        "StoragePool": [CloudStackListCommand("listStoragePools", "storagepool", [:])],
        "ImageStore": [CloudStackListCommand("listImageStores", "imagestore", [:])],
        "PhysicalNetwork": [CloudStackListCommand("listPhysicalNetworks", "physicalnetwork", [:])],
        "ServiceOffering": [
            CloudStackListCommand("listServiceOfferings", "serviceoffering", [:]),
            CloudStackListCommand("listServiceOfferings", "serviceoffering", ["issystem": "true"]),
        ],
        "DiskOffering": [CloudStackListCommand("listDiskOfferings", "diskoffering", [:])],
        "NetworkOffering": [CloudStackListCommand("listNetworkOfferings", "networkoffering", [:])],
        "VpcOffering": [CloudStackListCommand("listVPCOfferings", "vpcoffering", [:])],
        "Role": [CloudStackListCommand("listRoles", "role", [:])],
    ]
}
