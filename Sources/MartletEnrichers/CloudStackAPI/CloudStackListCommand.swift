/// A command of CloudStack's API that lists resources of one type.
package struct CloudStackListCommand: Sendable, Hashable {
    package let name: String
    /// The member of the answer that holds the list.
    package let member: String
    /// What is always asked for.
    package let parameters: [String: String]

    private init(_ name: String, _ member: String, _ parameters: [String: String] = ["listall": "true"]) {
        self.name = name
        self.member = member
        self.parameters = parameters
    }

    static let accounts = CloudStackListCommand("listAccounts", "account")
    static let projects = CloudStackListCommand("listProjects", "project")
    private static let isos = CloudStackListCommand("listIsos", "iso", ["isofilter": "all", "listall": "true"])

    /// The commands that may know a resource of this type, the likelier first; none where no command does.
    package static func commands(for type: String) -> [CloudStackListCommand] { table[type] ?? [] }

    /// By resource type. What belongs to nobody takes no `listall`.
    private static let table: [String: [CloudStackListCommand]] = [
        // Events call system machines by the same word.
        "VirtualMachine": [
            CloudStackListCommand("listVirtualMachines", "virtualmachine"),
            CloudStackListCommand("listSystemVms", "systemvm", [:]), CloudStackListCommand("listRouters", "router"),
        ],
        "VirtualRouter": [CloudStackListCommand("listRouters", "router")],
        "Volume": [CloudStackListCommand("listVolumes", "volume")],
        "Snapshot": [CloudStackListCommand("listSnapshots", "snapshot")],
        // A machine made of an ISO names it as its template.
        "Template": [
            CloudStackListCommand("listTemplates", "template", ["templatefilter": "all", "listall": "true"]), isos,
        ],
        "Iso": [isos],
        "Network": [CloudStackListCommand("listNetworks", "network")],
        "Vpc": [CloudStackListCommand("listVPCs", "vpc")],
        "IpAddress": [CloudStackListCommand("listPublicIpAddresses", "publicipaddress")],
        "LoadBalancer": [CloudStackListCommand("listLoadBalancerRules", "loadbalancerrule")],
        "FirewallRule": [CloudStackListCommand("listFirewallRules", "firewallrule")],
        "SecurityGroup": [CloudStackListCommand("listSecurityGroups", "securitygroup")],
        "AffinityGroup": [CloudStackListCommand("listAffinityGroups", "affinitygroup")],
        "AutoScaleVmGroup": [CloudStackListCommand("listAutoScaleVmGroups", "autoscalevmgroup")],
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
