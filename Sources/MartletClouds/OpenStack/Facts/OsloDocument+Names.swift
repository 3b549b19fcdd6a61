extension OsloDocument {
    /// For each resource type a payload's member and what the API calls it; an empty name leaves it out.
    ///
    /// Source: the payloads' definitions and the API references of Nova, Cinder, Designate and Heat.
    static let names: [String: [String: String]] = [
        "VirtualMachine": [
            "uuid": "id", "instance_id": "id", "display_name": "name", "display_description": "description",
            "state": "OS-EXT-STS:vm_state", "task_state": "OS-EXT-STS:task_state",
            "availability_zone": "OS-EXT-AZ:availability_zone", "host": "OS-EXT-SRV-ATTR:host",
            "node": "OS-EXT-SRV-ATTR:hypervisor_hostname", "host_name": "OS-EXT-SRV-ATTR:hostname",
            "hostname": "OS-EXT-SRV-ATTR:hostname", "instance_name": "OS-EXT-SRV-ATTR:instance_name",
            "reservation_id": "OS-EXT-SRV-ATTR:reservation_id", "kernel_id": "OS-EXT-SRV-ATTR:kernel_id",
            "ramdisk_id": "OS-EXT-SRV-ATTR:ramdisk_id", "launched_at": "OS-SRV-USG:launched_at",
            "terminated_at": "OS-SRV-USG:terminated_at", "created_at": "created", "updated_at": "updated",
            "auto_disk_config": "OS-DCF:diskConfig", "request_id": "", "audit_period": "",
            "audit_period_beginning": "", "audit_period_ending": "", "state_update": "", "old_state": "",
            "old_task_state": "", "new_task_state": "", "old_display_name": "", "action_initiator_user": "",
            "action_initiator_project": "", "volume_id": "", "old_volume_id": "", "new_volume_id": "",
            "share_id": "", "fault": "",
        ],
        "ServiceOffering": [
            "flavorid": "id", "memory_mb": "ram", "root_gb": "disk", "ephemeral_gb": "OS-FLV-EXT-DATA:ephemeral",
            "is_public": "os-flavor-access:is_public", "disabled": "OS-FLV-DISABLED:disabled",
            "vcpu_weight": "", "projects": "",
        ],
        "AffinityGroup": ["uuid": "id", "server_group_id": "id"],
        "Volume": [
            "volume_id": "id", "display_name": "name", "display_description": "description",
            "tenant_id": "os-vol-tenant-attr:tenant_id", "host": "os-vol-host-attr:host",
            "volume_type": "volume_type_id", "volume_attachment": "attachments", "audit_period_beginning": "",
            "audit_period_ending": "",
        ],
        "Snapshot": [
            "snapshot_id": "id", "display_name": "name", "volume_size": "size",
            "tenant_id": "os-extended-snapshot-attributes:project_id", "audit_period_beginning": "",
            "audit_period_ending": "", "deleted": "",
        ],
        "Backup": [
            "backup_id": "id", "display_name": "name", "tenant_id": "os-backup-project-attr:project_id",
            "audit_period_beginning": "", "audit_period_ending": "",
        ],
        "DnsZone": ["tenant_id": "project_id"],
        "DnsRecord": ["tenant_id": "project_id"],
        "Stack": [
            "stack_identity": "", "state": "stack_status", "state_reason": "stack_status_reason",
            "create_at": "creation_time", "user_id": "stack_owner", "tenant_id": "project",
        ],
    ]
}
