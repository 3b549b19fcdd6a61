/// The fields that CloudStack's API shows to administrators only: where a resource runs and how it is wired.
///
/// Source: the response classes' fields that are authorised for the root administrator (`UserVmResponse`,
/// `VolumeResponse`, `NetworkResponse`, `NicResponse`, `AlertResponse`), and the internal numbers in a job's `cmdInfo`.
package enum AdministratorFields {
    private static let names: Set<String> = [
        "hostid", "hostname", "host", "hypervisorhostname", "instancename", "podid", "podname", "pod", "clusterid",
        "clustername", "cluster", "storageid", "storage", "storagepoolid", "path", "chaininfo", "physicalsize",
        "broadcasturi", "isolationuri", "broadcastdomaintype", "vlan", "physicalnetworkid", "reservediprange",
        "linklocalip", "linklocalmacaddress", "linklocalnetmask", "linklocalnetworkid", "managementserverid",
        "managementservername", "ctxuserid", "ctxaccountid", "ctxstarteventid", "ctxdetails", "datacenterid",
    ]

    /// Whether a key, whatever its case, is such a field.
    package static func contains(_ key: String) -> Bool { names.contains(key) || names.contains(key.lowercased()) }
}
