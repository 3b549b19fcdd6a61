import Foundation
import MartletJSON
import MartletTesting

/// Nova's notifications in oslo.messaging's envelope, in a file that the bare client publishes: a server's in the unversioned form,
/// the only one that Ceilometer reads. Made here after the shape of real ones; ids and times are invented, and all are different.
final class NotificationMessages: Sendable {
    /// A key, a tab and a body on each line.
    let file: String
    /// Of a body.
    let size: Int
    private let directory: URL

    init(_ count: Int) throws {
        directory = try ScratchDirectory.make()
        file = directory.appending(path: "notifications").path
        size = Self.envelope(0).count
        try Data().write(to: URL(filePath: file))
        let handle = try FileHandle(forWritingTo: URL(filePath: file))
        for start in stride(from: 0, to: count, by: 1_000) {
            let lines = (start..<min(start + 1_000, count)).map {
                Data("notifications.info\t".utf8) + Self.envelope($0) + Data("\n".utf8)
            }
            try handle.write(contentsOf: lines.reduce(into: Data()) { $0 += $1 })
        }
        try handle.close()
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private static func envelope(_ number: Int) -> [UInt8] {
        let server = SampleEvents.uuid(Int.random(in: 0..<1_000))
        let unique = String(format: "%012x", number)
        let notification =
            #"{"message_id": "5e9e4c1a-62b1-4b44-9d0c-\#(unique)", "publisher_id": "compute.compute-07", "#
            + #""event_type": "compute.instance.power_on.end", "priority": "INFO", "#
            + #""payload": \#(payload(server)), "timestamp": "2026-11-20 23:48:54.460580", "#
            + #""_unique_id": "0e23ad40b5034fb0b8c2\#(unique)", \#(context(unique))}"#
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("oslo.version", "2.0")
        writer.member("oslo.message", notification)
        writer.endObject()
        return writer.bytes
    }

    private static func payload(_ server: String) -> String {
        #"{"tenant_id": "6f70656e737461636b20342065766572", "user_id": "2fe5f3a1d0a94a6cb0b7f3f6f2a1f0b9", "#
            + #""instance_id": "\#(server)", "display_name": "web-17", "reservation_id": "r-00fgeqnv", "#
            + #""hostname": "web-17", "instance_type": "m1.small", "instance_type_id": 5, "#
            + #""instance_flavor_id": "a22d5517-147c-4147-a0d1-e698df5cd4e3", "architecture": "x86_64", "#
            + #""memory_mb": 2048, "disk_gb": 20, "vcpus": 1, "root_gb": 20, "ephemeral_gb": 0, "host": "compute-07", "#
            + #""node": "compute-07.blr.example", "availability_zone": "nova", "cell_name": "", "#
            + #""created_at": "2026-10-29 13:42:11+00:00", "terminated_at": "", "deleted_at": "", "#
            + #""launched_at": "2026-10-29T13:42:31.000000", "image_ref_url": "#
            + #""http://192.0.2.9:9292/images/155d900f-4e14-4e4c-a73d-069cbf4541e6", "os_type": null, "kernel_id": "", "#
            + #""ramdisk_id": "", "state": "active", "state_description": "", "progress": "", "access_ip_v4": null, "#
            + #""access_ip_v6": null, "image_meta": {"base_image_ref": "155d900f-4e14-4e4c-a73d-069cbf4541e6", "#
            + #""container_format": "bare", "disk_format": "qcow2", "min_disk": "20", "min_ram": "0", "#
            + #""os_distro": "debian", "hw_disk_bus": "virtio"}, "metadata": {"role": "web", "stage": "prod"}, "#
            + #""fixed_ips": [{"label": "private", "vif_mac": "fa:16:3e:4c:2c:30", "meta": {}, "#
            + #""address": "192.0.2.117", "version": 4, "type": "fixed", "floating_ips": []}, "#
            + #"{"label": "storage", "vif_mac": "fa:16:3e:4c:2c:31", "meta": {}, "#
            + #""address": "198.51.100.23", "version": 4, "type": "fixed", "floating_ips": []}], "message": "Success"}"#
    }

    private static func context(_ unique: String) -> String {
        #""_context_user": "2fe5f3a1d0a94a6cb0b7f3f6f2a1f0b9", "_context_user_id": "2fe5f3a1d0a94a6cb0b7f3f6f2a1f0b9", "#
            + #""_context_user_name": "ada", "_context_project": "6f70656e737461636b20342065766572", "#
            + #""_context_project_id": "6f70656e737461636b20342065766572", "_context_project_name": "apollo", "#
            + #""_context_tenant": "6f70656e737461636b20342065766572", "_context_domain": null, "#
            + #""_context_user_domain": "default", "_context_project_domain": "default", "_context_system_scope": null, "#
            + #""_context_is_admin": false, "_context_read_only": false, "_context_show_deleted": false, "#
            + #""_context_auth_token": null, "_context_request_id": "req-4f1c0d52-0b8e-4a0f-b1fe-\#(unique)", "#
            + #""_context_global_request_id": null, "_context_resource_uuid": null, "_context_roles": ["member", "reader"], "#
            + #""_context_user_identity": "2fe5f3a1d0a94a6cb0b7f3f6f2a1f0b9 6f70656e737461636b20342065766572 - default default", "#
            + #""_context_is_admin_project": true, "_context_timestamp": "2026-11-20T23:48:52.118000", "#
            + #""_context_remote_address": "192.0.2.44", "_context_quota_class": null"#
    }
}
