// Written by Scripts/generate-openstack-catalogue.py; change that, not this.

/// A service, and the event types that it sends; what two of its formats share stands here once.
let openStackEventTypes: StaticString = """
    nova aggregate.add_host.end aggregate.add_host.start aggregate.cache_images.end aggregate.cache_images.progress
    nova aggregate.cache_images.start aggregate.create.end aggregate.create.start aggregate.delete.end
    nova aggregate.delete.start aggregate.remove_host.end aggregate.remove_host.start aggregate.update_metadata.end
    nova aggregate.update_metadata.start aggregate.update_prop.end aggregate.update_prop.start compute.exception
    nova compute_task.build_instances.error compute_task.migrate_server.error compute_task.rebuild_server.error
    nova flavor.create flavor.delete flavor.update instance.create.end instance.create.error instance.create.start
    nova instance.delete.end instance.delete.start instance.evacuate instance.exists instance.interface_attach.end
    nova instance.interface_attach.error instance.interface_attach.start instance.interface_detach.end
    nova instance.interface_detach.start instance.live_migration_abort.end instance.live_migration_abort.start
    nova instance.live_migration_force_complete.end instance.live_migration_force_complete.start
    nova instance.live_migration_post.end instance.live_migration_post.start instance.live_migration_post_dest.end
    nova instance.live_migration_post_dest.start instance.live_migration_pre.end instance.live_migration_pre.start
    nova instance.live_migration_rollback.end instance.live_migration_rollback.start
    nova instance.live_migration_rollback_dest.end instance.live_migration_rollback_dest.start instance.lock
    nova instance.pause.end instance.pause.start instance.power_off.end instance.power_off.start instance.power_on.end
    nova instance.power_on.start instance.reboot.end instance.reboot.error instance.reboot.start instance.rebuild.end
    nova instance.rebuild.error instance.rebuild.start instance.rebuild_scheduled instance.rescue.end
    nova instance.rescue.start instance.resize.end instance.resize.error instance.resize.start
    nova instance.resize_confirm.end instance.resize_confirm.start instance.resize_finish.end
    nova instance.resize_finish.start instance.resize_prep.end instance.resize_prep.start instance.resize_revert.end
    nova instance.resize_revert.start instance.restore.end instance.restore.start instance.resume.end
    nova instance.resume.start instance.share_attach.end instance.share_attach.error instance.share_attach.start
    nova instance.share_detach.end instance.share_detach.error instance.share_detach.start instance.shelve.end
    nova instance.shelve.start instance.shelve_offload.end instance.shelve_offload.start instance.shutdown.end
    nova instance.shutdown.start instance.snapshot.end instance.snapshot.start instance.soft_delete.end
    nova instance.soft_delete.start instance.suspend.end instance.suspend.start instance.trigger_crash_dump.end
    nova instance.trigger_crash_dump.start instance.unlock instance.unpause.end instance.unpause.start
    nova instance.unrescue.end instance.unrescue.start instance.unshelve.end instance.unshelve.start instance.update
    nova instance.volume_attach.end instance.volume_attach.error instance.volume_attach.start instance.volume_detach.end
    nova instance.volume_detach.start instance.volume_swap.end instance.volume_swap.error instance.volume_swap.start
    nova keypair.create.end keypair.create.start keypair.delete.end keypair.delete.start keypair.import.end
    nova keypair.import.start libvirt.connect.error metrics.update scheduler.select_destinations.end
    nova scheduler.select_destinations.start server_group.add_member server_group.create server_group.delete
    nova service.create service.delete service.update volume.usage HostAPI.power_action.end HostAPI.power_action.start
    nova HostAPI.set_enabled.end HostAPI.set_enabled.start HostAPI.set_maintenance.end HostAPI.set_maintenance.start
    nova aggregate.addhost.end aggregate.addhost.start aggregate.removehost.end aggregate.removehost.start
    nova aggregate.updatemetadata.end aggregate.updatemetadata.start aggregate.updateprop.end aggregate.updateprop.start
    nova compute.instance.create.end compute.instance.create.error compute.instance.create.start
    nova compute.instance.create_ip.end compute.instance.create_ip.start compute.instance.delete.end
    nova compute.instance.delete.start compute.instance.delete_ip.end compute.instance.delete_ip.start
    nova compute.instance.evacuate compute.instance.exists compute.instance.finish_resize.end
    nova compute.instance.finish_resize.start compute.instance.live.migration.abort.end
    nova compute.instance.live.migration.abort.start compute.instance.live.migration.force.complete.end
    nova compute.instance.live.migration.force.complete.start compute.instance.live_migration._post.end
    nova compute.instance.live_migration._post.start compute.instance.live_migration._rollback.end
    nova compute.instance.live_migration._rollback.start compute.instance.live_migration.post.dest.end
    nova compute.instance.live_migration.post.dest.start compute.instance.live_migration.pre.end
    nova compute.instance.live_migration.pre.start compute.instance.live_migration.rollback.dest.end
    nova compute.instance.live_migration.rollback.dest.start compute.instance.pause.end compute.instance.pause.start
    nova compute.instance.power_off.end compute.instance.power_off.start compute.instance.power_on.end
    nova compute.instance.power_on.start compute.instance.reboot.end compute.instance.reboot.error
    nova compute.instance.reboot.start compute.instance.rebuild.end compute.instance.rebuild.error
    nova compute.instance.rebuild.scheduled compute.instance.rebuild.start compute.instance.rescue.end
    nova compute.instance.rescue.start compute.instance.resize.confirm.end compute.instance.resize.confirm.start
    nova compute.instance.resize.end compute.instance.resize.error compute.instance.resize.prep.end
    nova compute.instance.resize.prep.start compute.instance.resize.revert.end compute.instance.resize.revert.start
    nova compute.instance.resize.start compute.instance.restore.end compute.instance.restore.start
    nova compute.instance.resume.end compute.instance.resume.start compute.instance.shelve.end
    nova compute.instance.shelve.start compute.instance.shelve_offload.end compute.instance.shelve_offload.start
    nova compute.instance.shutdown.end compute.instance.shutdown.start compute.instance.snapshot.end
    nova compute.instance.snapshot.start compute.instance.soft_delete.end compute.instance.soft_delete.start
    nova compute.instance.suspend.end compute.instance.suspend.start compute.instance.trigger_crash_dump.end
    nova compute.instance.trigger_crash_dump.start compute.instance.unpause.end compute.instance.unpause.start
    nova compute.instance.unrescue.end compute.instance.unrescue.start compute.instance.unshelve.end
    nova compute.instance.unshelve.start compute.instance.update compute.instance.volume.attach
    nova compute.instance.volume.detach compute.libvirt.error compute.metrics.update compute_task.build_instances
    nova compute_task.migrate_server compute_task.rebuild_server network.floating_ip.allocate
    nova network.floating_ip.associate network.floating_ip.deallocate network.floating_ip.disassociate
    nova servergroup.addmember servergroup.create servergroup.delete
    glance image.activate image.create image.delete image.member.create image.member.delete image.member.update
    glance image.prepare image.send image.update image.upload metadef_namespace.create metadef_namespace.delete
    glance metadef_namespace.delete_objects metadef_namespace.delete_properties metadef_namespace.delete_tags
    glance metadef_namespace.update metadef_object.create metadef_object.delete metadef_object.update
    glance metadef_property.create metadef_property.delete metadef_property.update metadef_tag.create metadef_tag.delete
    glance metadef_tag.update task.create task.delete task.failure task.processing task.run task.success
    neutron address_group.create.end address_group.create.start address_group.delete.end address_group.delete.start
    neutron address_group.update.end address_group.update.start address_scope.create.end address_scope.create.start
    neutron address_scope.delete.end address_scope.delete.start address_scope.update.end address_scope.update.start
    neutron agent.create.end agent.create.start agent.delete.end agent.delete.start agent.update.end agent.update.start
    neutron flavor.create.end flavor.create.start flavor.delete.end flavor.delete.start flavor.update.end
    neutron flavor.update.start floatingip.create.end floatingip.create.start floatingip.delete.end
    neutron floatingip.delete.start floatingip.update.end floatingip.update.start log.create.end log.create.start
    neutron log.delete.end log.delete.start log.update.end log.update.start metering_label.create.end
    neutron metering_label.create.start metering_label.delete.end metering_label.delete.start metering_label.update.end
    neutron metering_label.update.start metering_label_rule.create.end metering_label_rule.create.start
    neutron metering_label_rule.delete.end metering_label_rule.delete.start metering_label_rule.update.end
    neutron metering_label_rule.update.start network.create.end network.create.start network.delete.end
    neutron network.delete.start network.update.end network.update.start network_segment_range.create.end
    neutron network_segment_range.create.start network_segment_range.delete.end network_segment_range.delete.start
    neutron network_segment_range.update.end network_segment_range.update.start port.create.end port.create.start
    neutron port.delete.end port.delete.start port.update.end port.update.start qos_bandwidth_limit_rule.create.end
    neutron qos_bandwidth_limit_rule.create.start qos_bandwidth_limit_rule.delete.end
    neutron qos_bandwidth_limit_rule.delete.start qos_bandwidth_limit_rule.update.end
    neutron qos_bandwidth_limit_rule.update.start qos_policy.create.end qos_policy.create.start qos_policy.delete.end
    neutron qos_policy.delete.start qos_policy.update.end qos_policy.update.start quota.create.end quota.create.start
    neutron quota.delete.end quota.delete.start quota.update.end quota.update.start rbac_policy.create.end
    neutron rbac_policy.create.start rbac_policy.delete.end rbac_policy.delete.start rbac_policy.update.end
    neutron rbac_policy.update.start router.create.end router.create.start router.delete.end router.delete.start
    neutron router.update.end router.update.start security_group.create.end security_group.create.start
    neutron security_group.delete.end security_group.delete.start security_group.update.end security_group.update.start
    neutron security_group_rule.create.end security_group_rule.create.start security_group_rule.delete.end
    neutron security_group_rule.delete.start security_group_rule.update.end security_group_rule.update.start
    neutron segment.create.end segment.create.start segment.delete.end segment.delete.start segment.update.end
    neutron segment.update.start service_profile.create.end service_profile.create.start service_profile.delete.end
    neutron service_profile.delete.start service_profile.update.end service_profile.update.start subnet.create.end
    neutron subnet.create.start subnet.delete.end subnet.delete.start subnet.update.end subnet.update.start
    neutron subnetpool.create.end subnetpool.create.start subnetpool.delete.end subnetpool.delete.start
    neutron subnetpool.update.end subnetpool.update.start trunk.create.end trunk.create.start trunk.delete.end
    neutron trunk.delete.start trunk.update.end trunk.update.start dhcp_agent.network.add dhcp_agent.network.remove
    neutron floatingip.exists l3.meter l3_agent.router.add l3_agent.router.remove network.exists port.exists
    neutron router.exists router.interface.create router.interface.delete subnet.exists tag.create tag.delete
    neutron tag.delete_all tag.update_all
    cinder backup.create.end backup.create.start backup.delete.end backup.delete.start backup.exists
    cinder backup.reset_status.end backup.reset_status.start backup.restore.end backup.restore.start group.create.end
    cinder group.create.start group.delete.end group.delete.start group.disable_replication.end
    cinder group.disable_replication.start group.enable_replication.end group.enable_replication.start
    cinder group.failover_replication.end group.failover_replication.start group.update.end group.update.start
    cinder group_snapshot.create.end group_snapshot.create.start group_snapshot.delete.end group_snapshot.delete.start
    cinder group_type.create group_type.delete group_type.update group_type_specs.create group_type_specs.delete
    cinder group_type_specs.update groups.reset_status.end groups.reset_status.start groupsnapshots.reset_status.end
    cinder groupsnapshots.reset_status.start qos_specs.associate qos_specs.associations qos_specs.create
    cinder qos_specs.delete qos_specs.delete_keys qos_specs.disassociate qos_specs.disassociate_all qos_specs.update
    cinder scheduler.create_volume snapshot.create.end snapshot.create.start snapshot.delete.end snapshot.delete.start
    cinder snapshot.exists snapshot.reset_status.end snapshot.reset_status.start snapshot.revert.end
    cinder snapshot.revert.start snapshot.update.end snapshot.update.start volume.attach.end volume.attach.start
    cinder volume.create.end volume.create.start volume.delete.end volume.delete.start volume.detach.end
    cinder volume.detach.start volume.exists volume.manage_existing.end volume.manage_existing.start volume.resize.end
    cinder volume.resize.start volume.retype volume.revert.end volume.revert.start volume.transfer.accept.end
    cinder volume.transfer.accept.start volume.transfer.create.end volume.transfer.create.start
    cinder volume.transfer.delete.end volume.transfer.delete.start volume.update.end volume.update.start
    cinder volume_type.create volume_type.delete volume_type.update volume_type_encryption.create
    cinder volume_type_encryption.update volume_type_extra_specs.create volume_type_extra_specs.delete
    cinder volume_type_extra_specs.update volume_type_project.access.add volume_type_project.access.remove
    keystone identity.OS-OAUTH1:consumer.created identity.OS-OAUTH1:consumer.deleted identity.OS-TRUST:trust.created
    keystone identity.OS-TRUST:trust.deleted identity.application_credential.created
    keystone identity.application_credential.deleted identity.authenticate identity.domain.created
    keystone identity.domain.deleted identity.domain.disabled identity.domain.updated identity.endpoint.created
    keystone identity.endpoint.deleted identity.endpoint.updated identity.group.created identity.group.deleted
    keystone identity.group.updated identity.policy.created identity.policy.deleted identity.policy.updated
    keystone identity.project.created identity.project.deleted identity.project.disabled identity.project.updated
    keystone identity.region.created identity.region.deleted identity.region.updated identity.role.created
    keystone identity.role.deleted identity.role.updated identity.role_assignment.created
    keystone identity.role_assignment.deleted identity.service.created identity.service.deleted identity.service.updated
    keystone identity.user.created identity.user.deleted identity.user.disabled identity.user.updated
    swift objectstore.http.request account.create account.delete account.metadata container.create container.delete
    swift container.metadata object.create object.delete object.metadata
    heat orchestration.autoscaling.end orchestration.autoscaling.error orchestration.autoscaling.start
    heat orchestration.stack.adopt.end orchestration.stack.adopt.error orchestration.stack.adopt.start
    heat orchestration.stack.check.end orchestration.stack.check.error orchestration.stack.check.start
    heat orchestration.stack.create.end orchestration.stack.create.error orchestration.stack.create.start
    heat orchestration.stack.delete.end orchestration.stack.delete.error orchestration.stack.delete.start
    heat orchestration.stack.restore.end orchestration.stack.restore.error orchestration.stack.restore.start
    heat orchestration.stack.resume.end orchestration.stack.resume.error orchestration.stack.resume.start
    heat orchestration.stack.rollback.end orchestration.stack.rollback.error orchestration.stack.rollback.start
    heat orchestration.stack.snapshot.end orchestration.stack.snapshot.error orchestration.stack.snapshot.start
    heat orchestration.stack.suspend.end orchestration.stack.suspend.error orchestration.stack.suspend.start
    heat orchestration.stack.update.end orchestration.stack.update.error orchestration.stack.update.start
    ironic baremetal.chassis.create.end baremetal.chassis.create.error baremetal.chassis.create.start
    ironic baremetal.chassis.delete.end baremetal.chassis.delete.error baremetal.chassis.delete.start
    ironic baremetal.chassis.update.end baremetal.chassis.update.error baremetal.chassis.update.start
    ironic baremetal.deploy_template.create.end baremetal.deploy_template.create.error
    ironic baremetal.deploy_template.create.start baremetal.deploy_template.delete.end
    ironic baremetal.deploy_template.delete.error baremetal.deploy_template.delete.start
    ironic baremetal.deploy_template.update.end baremetal.deploy_template.update.error
    ironic baremetal.deploy_template.update.start baremetal.node.console_restore.end
    ironic baremetal.node.console_restore.error baremetal.node.console_restore.start baremetal.node.console_set.end
    ironic baremetal.node.console_set.error baremetal.node.console_set.start baremetal.node.create.end
    ironic baremetal.node.create.error baremetal.node.create.start baremetal.node.delete.end baremetal.node.delete.error
    ironic baremetal.node.delete.start baremetal.node.maintenance_set.end baremetal.node.maintenance_set.error
    ironic baremetal.node.maintenance_set.start baremetal.node.power_set.end baremetal.node.power_set.error
    ironic baremetal.node.power_set.start baremetal.node.power_state_corrected.success baremetal.node.provision_set.end
    ironic baremetal.node.provision_set.error baremetal.node.provision_set.start baremetal.node.provision_set.success
    ironic baremetal.node.update.end baremetal.node.update.error baremetal.node.update.start baremetal.port.create.end
    ironic baremetal.port.create.error baremetal.port.create.start baremetal.port.delete.end baremetal.port.delete.error
    ironic baremetal.port.delete.start baremetal.port.update.end baremetal.port.update.error baremetal.port.update.start
    ironic baremetal.portgroup.create.end baremetal.portgroup.create.error baremetal.portgroup.create.start
    ironic baremetal.portgroup.delete.end baremetal.portgroup.delete.error baremetal.portgroup.delete.start
    ironic baremetal.portgroup.update.end baremetal.portgroup.update.error baremetal.portgroup.update.start
    ironic baremetal.volumeconnector.create.end baremetal.volumeconnector.create.error
    ironic baremetal.volumeconnector.create.start baremetal.volumeconnector.delete.end
    ironic baremetal.volumeconnector.delete.error baremetal.volumeconnector.delete.start
    ironic baremetal.volumeconnector.update.end baremetal.volumeconnector.update.error
    ironic baremetal.volumeconnector.update.start baremetal.volumetarget.create.end baremetal.volumetarget.create.error
    ironic baremetal.volumetarget.create.start baremetal.volumetarget.delete.end baremetal.volumetarget.delete.error
    ironic baremetal.volumetarget.delete.start baremetal.volumetarget.update.end baremetal.volumetarget.update.error
    ironic baremetal.volumetarget.update.start
    designate dns.api.fault dns.blacklist.create dns.blacklist.delete dns.blacklist.update dns.domain.create
    designate dns.domain.delete dns.domain.update dns.pool.create dns.pool.delete dns.pool.update dns.recordset.create
    designate dns.recordset.delete dns.recordset.update dns.tld.create dns.tld.delete dns.tld.update dns.tsigkey.create
    designate dns.tsigkey.delete dns.tsigkey.update dns.zone.create dns.zone.delete dns.zone.share dns.zone.unshare
    designate dns.zone.update dns.zone_export.create dns.zone_export.delete dns.zone_export.update
    designate dns.zone_import.create dns.zone_import.delete dns.zone_import.update dns.zone_transfer_accept.create
    designate dns.zone_transfer_request.create dns.zone_transfer_request.delete dns.zone_transfer_request.update
    """
