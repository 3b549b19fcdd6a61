package import Martlet

/// The fields that the clouds' APIs show to administrators only: where a resource runs and how it is wired.
///
/// Sources: CloudStack's response classes' fields that are authorised for the root administrator (`UserVmResponse`,
/// `VolumeResponse`, `NetworkResponse`, `NicResponse`, `AlertResponse`), and the internal numbers in a job's `cmdInfo`;
/// OpenStack's API references, whose extended attributes of servers, volumes, networks and ports are for administrators by the
/// services' default policies, and the members of the same meaning in their notifications; the publisher of a notification,
/// whose name ends in that of its host; what only administrators are told of a fault.
package enum AdministratorFields {
    private static let names: Set<String> = [
        "hostid", "hostname", "host", "hypervisorhostname", "instancename", "podid", "podname", "pod", "clusterid",
        "clustername", "cluster", "storageid", "storage", "storagepoolid", "path", "chaininfo", "physicalsize",
        "broadcasturi", "isolationuri", "broadcastdomaintype", "vlan", "physicalnetworkid", "reservediprange",
        "linklocalip", "linklocalmacaddress", "linklocalnetmask", "linklocalnetworkid", "managementserverid",
        "managementservername", "ctxuserid", "ctxaccountid", "ctxstarteventid", "ctxdetails", "datacenterid",
        "host_status", "host_name", "hypervisor_hostname", "node", "cell_name", "compute_host", "source_host",
        "dest_host", "source_node", "dest_node", "source_compute", "dest_compute", "live_migration_host",
        "destination_hypervisor_hostname", "locked_by", "migrate_data", "migration_status", "replication_driver_data",
        "segmentation_id", "physical_network", "publisher_id", "publisher", "hosts", "nodename", "force_hosts",
        "force_nodes", "ignore_hosts", "traceback", "driver_info", "driver_internal_info", "storagepool",
        "physicalnetwork",
    ]

    /// Of which whole families are for administrators: what follows the colon is the services' own affair.
    private static let families = [
        "os-ext-srv-attr:", "os-vol-host-attr:", "os-vol-mig-status-attr:", "provider:", "binding:host",
        "binding:profile",
        "binding:vif_details",
    ]

    /// Whether a key, whatever its case, is such a field, or names one behind a full stop, as `relations.host` does.
    package static func contains(_ key: String) -> Bool {
        if names.contains(key) { return true }
        let key = key.lowercased()
        if names.contains(key) { return true }
        if key.utf8.contains(UInt8(ascii: ":")), families.contains(where: { key.hasPrefix($0) }) { return true }
        // What has changed is named with the way to it: `relations.host`.
        guard let stop = key.lastIndex(of: ".") else { return false }
        return contains(String(key[key.index(after: stop)...]))
    }

    /// An event's source without the host that OpenStack's publishers name in it: `/clouds/osp/nova` for
    /// `/clouds/osp/nova-compute:host1`. The service is the one that the topic begins with.
    package static func publicSource(of event: Event) -> String {
        guard event.type.hasPrefix(OpenStackEventType.prefix) else { return event.source }
        return "/clouds/\(event.cloud)/\(event.topic.text.prefix { $0 != "." })"
    }
}
