import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// From an enveloped notification of nova's to an event with its facts, against the bare parse of envelope and notification.
enum OsloDecodingBenchmark {
    static func run() async throws {
        let bodies = (0..<1_000).map { SampleNotifications.envelope(resource: $0)[...] }
        Report.heading("Decoding an OpenStack notification of \(bodies[0].count) bytes")
        let count = 50_000
        let bare = try await Measurement.of(events: count) {
            for index in 0..<count {
                let content = try JSONDocument(parsing: bodies[index % 1_000]).root["oslo.message"]?.stringContent
                _ = try content.flatMap { JSONText.unescape($0) }.map { try JSONDocument(parsing: $0[...]) }
            }
        }
        let origin = Origin(sourceName: "bench")
        func measure(_ decode: (Message) throws -> Void) async throws -> Measurement {
            try await Measurement.of(events: count) {
                for index in 0..<count {
                    let bytes = bodies[index % 1_000]
                    try decode(Message(bytes: bytes, json: try JSONDocument(parsing: bytes).root))
                }
            }
        }
        let format = OsloFormat()
        let event = try await measure { _ = try format.decode($0, from: origin) }
        let decoder = OsloDecoder()
        let facts = try await measure { _ = try decoder.decode($0, from: origin) }
        for (name, result) in [
            ("parse of both alone", bare), ("event", event), ("event and what it tells the index", facts),
        ] {
            Report.line(
                name,
                Report.microseconds(result.microsecondsOfCPU),
                Report.ratio(result.cpu / bare.cpu, "the parse")
            )
        }
    }
}

/// A server's notification in nova's versioned form, with the context of a request, in the envelope.
private enum SampleNotifications {
    static func envelope(resource: Int) -> [UInt8] {
        func object(_ data: String) -> String {
            #"{"nova_object.name": "X", "nova_object.namespace": "nova", "nova_object.version": "1.8", "#
                + #""nova_object.data": \#(data)}"#
        }
        let flavor = object(
            #"{"flavorid": "a22d5517", "name": "m1.small", "memory_mb": 512, "vcpus": 1, "root_gb": 1, "extra_specs": {}}"#
        )
        let address = object(
            #"{"label": "private", "address": "192.0.2.3", "version": 4, "mac": "fa:16:3e:4c:2c:30", "port_uuid": "ce531f90"}"#
        )
        let data =
            #"{"uuid": "\#(SampleEvents.uuid(resource))", "tenant_id": "6f70656e737461636b20342065766572", "#
            + #""display_name": "some-server", "state": "active", "task_state": null, "host": "compute", "node": "n", "#
            + #""image_uuid": "155d900f-4e14-4e4c-a73d-069cbf4541e6", "flavor": \#(flavor), "ip_addresses": [\#(address)], "#
            + #""created_at": "2026-10-29T13:42:11Z", "updated_at": "2026-10-29T13:42:11Z", "metadata": {}, "#
            + #""availability_zone": "nova", "power_state": "running", "locked": false, "user_id": "fake", "#
            + #""block_devices": [], "key_name": "my-key", "os_type": null, "architecture": "x86_64"}"#
        let notification =
            #"{"message_id": "cb52182c-e6e6-48d5-b8f3-205134fec0c7", "publisher_id": "nova-compute:compute", "#
            + #""event_type": "instance.power_on.end", "priority": "INFO", "payload": \#(object(data)), "#
            + #""timestamp": "2026-11-20 23:48:54.460580", "_unique_id": "0e23ad40b5034fb0b8c2cfa239ffcbc4", "#
            + #""_context_user": "u1", "_context_project_id": "p1", "_context_project": "p1", "_context_domain": null, "#
            + #""_context_is_admin": false, "_context_auth_token": null, "_context_request_id": "req-1", "#
            + #""_context_roles": ["member"], "_context_user_identity": "u1 p1 - - -", "_context_read_only": false}"#
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("oslo.version", "2.0")
        writer.member("oslo.message", notification)
        writer.endObject()
        return writer.bytes
    }
}
