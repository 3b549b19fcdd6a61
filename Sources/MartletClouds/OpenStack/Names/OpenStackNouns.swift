/// What OpenStack's event types speak of: a service, its noun, Martlet's resource type, and what differs from the rule.
///
/// `id:` are the members that hold the id, before the usual ones; `in:` the member that holds the resource, where it is not
/// named by the noun; `state:` the member of its state; `as:` the origin's own type, where the noun is another word for it;
/// `part` is a part of a resource, whose end is not the resource's; `-` is no resource.
let openStackNouns: StaticString = """
    nova instance VirtualMachine id:uuid,instance_uuid,instance_id,server_id state:state
    nova server VirtualMachine id:uuid,server_id,instance_uuid as:instance state:state
    nova compute_task VirtualMachine id:instance_uuid,instance_id as:instance part
    nova scheduler VirtualMachine id:instance_uuid,instance_id as:instance part
    nova aggregate Aggregate id:uuid,aggregate_id
    nova flavor ServiceOffering id:flavorid
    nova keypair SSHKeyPair
    nova server_group AffinityGroup id:uuid,server_group_id
    nova servergroup AffinityGroup id:uuid,server_group_id as:server_group
    nova service Service id:uuid
    nova HostAPI Host id:host_name,host as:host part
    nova metrics Host id:host,nodename as:host part
    nova floating_ip IpAddress id:floating_ip_id,floating_ip as:floatingip part
    nova volume Volume id:volume_id
    nova exception -
    nova libvirt -
    glance image Template id:image_id,id state:status
    glance task Task id:id,task_id state:status
    glance metadef_namespace MetadefNamespace id:namespace
    glance metadef_object MetadefObject
    glance metadef_property MetadefProperty
    glance metadef_tag MetadefTag
    glance metadef_resource_type MetadefResourceType
    neutron network Network state:status
    neutron subnet Subnet
    neutron subnetpool SubnetPool
    neutron port Port state:status
    neutron router Router state:status in:router,router_interface
    neutron floatingip IpAddress state:status
    neutron security_group SecurityGroup
    neutron security_group_rule SecurityGroupRule
    neutron address_group AddressGroup
    neutron address_scope AddressScope
    neutron agent Agent
    neutron dhcp_agent Agent in:agent as:agent part
    neutron l3_agent Agent in:agent as:agent part
    neutron l3 MeteringLabel id:label_id as:metering_label part
    neutron flavor NetworkFlavor
    neutron log NetworkLog
    neutron metering_label MeteringLabel
    neutron metering_label_rule MeteringLabelRule
    neutron network_segment_range NetworkSegmentRange
    neutron qos_bandwidth_limit_rule QosBandwidthLimitRule in:bandwidth_limit_rule,qos_bandwidth_limit_rule
    neutron bandwidth_limit_rule QosBandwidthLimitRule
    neutron qos_policy QosPolicy in:policy,qos_policy id:policy_id
    neutron quota Quota id:id,quota_id,tenant_id,project_id
    neutron rbac_policy RbacPolicy
    neutron segment NetworkSegment
    neutron service_profile ServiceProfile
    neutron trunk Trunk state:status
    neutron tag - id:parent_resource_id,resource_id part
    cinder volume Volume state:status
    cinder scheduler Volume id:volume_id as:volume part
    cinder snapshot Snapshot state:status
    cinder backup Backup state:status
    cinder group VolumeGroup state:status
    cinder consistencygroup VolumeGroup id:consistencygroup_id state:status
    cinder group_snapshot VolumeGroupSnapshot state:status
    cinder groupsnapshots VolumeGroupSnapshot id:group_snapshot_id as:group_snapshot
    cinder cgsnapshot VolumeGroupSnapshot id:cgsnapshot_id state:status
    cinder group_type VolumeGroupType in:group_types
    cinder group_type_specs VolumeGroupType id:type_id,group_type_id as:group_type part
    cinder qos_specs QosSpecs
    cinder volume_type DiskOffering in:volume_types
    cinder volume_type_encryption DiskOffering id:type_id,volume_type_id as:volume_type part
    cinder volume_type_extra_specs DiskOffering id:type_id,volume_type_id as:volume_type part
    cinder volume_type_project DiskOffering id:type_id,volume_type_id as:volume_type part
    keystone project Account
    keystone tenant Account as:project
    keystone domain Domain
    keystone user User
    keystone authenticate User as:user part
    keystone group UserGroup
    keystone role Role
    keystone role_assignment RoleAssignment
    keystone region Region
    keystone service IdentityService
    keystone endpoint Endpoint
    keystone policy Policy
    keystone trust Trust
    keystone consumer Consumer
    keystone application_credential ApplicationCredential
    heat stack Stack id:stack_identity state:state
    heat autoscaling Stack id:stack_identity as:stack part
    ironic node BaremetalNode id:uuid state:provision_state
    ironic port BaremetalPort id:uuid
    ironic portgroup BaremetalPortGroup id:uuid
    ironic chassis BaremetalChassis id:uuid
    ironic allocation BaremetalAllocation id:uuid state:state
    ironic deploy_template BaremetalDeployTemplate id:uuid
    ironic volumeconnector BaremetalVolumeConnector id:uuid
    ironic volumetarget BaremetalVolumeTarget id:uuid
    designate zone DnsZone id:zone_id,id state:status
    designate domain DnsZone id:zone_id,domain_id,id as:zone state:status
    designate recordset DnsRecord id:recordset_id,id state:status
    designate record DnsRecord id:record_id,id state:status
    designate blacklist DnsBlacklist
    designate pool DnsPool
    designate tld DnsTld
    designate tsigkey DnsTsigKey
    designate zone_export DnsZoneExport id:id state:status
    designate zone_import DnsZoneImport id:id state:status
    designate zone_transfer_accept DnsZoneTransferAccept id:id state:status
    designate zone_transfer_request DnsZoneTransferRequest id:id state:status
    designate api -
    swift account StorageAccount
    swift container Bucket
    swift object StorageObject
    swift http Account as:project part
    manila share SharedFS state:status
    openstack audit -
    octavia loadbalancer LoadBalancer id:id,loadbalancer_id state:provisioning_status
    """
