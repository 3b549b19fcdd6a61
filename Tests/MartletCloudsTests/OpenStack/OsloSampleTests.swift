import Foundation
import Martlet
import MartletClouds
import MartletJSON
import Testing

/// Notifications as nova documents them and as real services sent them; they are kept outside of the project.
private let samplesPath = ProcessInfo.processInfo.environment["MARTLET_SAMPLES"] ?? "../shared/samples"

@Suite(.enabled(if: FileManager.default.fileExists(atPath: samplesPath + "/nova"), "the samples are absent"))
struct OsloSampleTests {
    /// What is expected of a sample; absent where the table has a hyphen.
    struct Expectation: Sendable {
        let file: String
        let resource: ResourceReference
        let owner: String?
        let phase: Phase?
        let outcome: Outcome?
        let state: String?

        init(_ line: Substring) {
            var words = line.split(separator: " ").map { $0 == "-" ? nil : String($0) }
            if words[1] == "machine" { words.insert("VirtualMachine", at: 1) }
            file = words[0] ?? ""
            let id = words[2].map { OsloSampleTests.ids[$0] ?? $0 }
            resource = ResourceReference(type: words[1] ?? "", id: id ?? "")
            owner = words[3].map { OsloSampleTests.ids[$0] ?? $0 }
            phase = words[4].flatMap { Phase(rawValue: $0) }
            outcome = words[5].flatMap { Outcome(rawValue: $0) }
            state = words[6]
        }
    }

    static let ids = [
        "machine": "178b0921-8f85-4257-88b6-2e743b5a975c", "project": "6f70656e737461636b20342065766572",
        "aggregate": "788608ec-ebdc-45c5-bc7f-e5f24ab92c80",
    ]

    /// The file, `machine` or the type and the id of its resource, the owner, phase, outcome, and the state that it is in.
    static let table = """
        nova/aggregate-add_host-end Aggregate aggregate - completed success -
        nova/aggregate-cache_images-end Aggregate aggregate - completed success -
        nova/aggregate-cache_images-start Aggregate aggregate - started - -
        nova/aggregate-create-start Aggregate aggregate - started - -
        nova/aggregate-delete-start Aggregate aggregate - started - -
        nova/aggregate-remove_host-start Aggregate aggregate - started - -
        nova/aggregate-update_metadata-start Aggregate aggregate - started - -
        nova/aggregate-update_prop-start Aggregate aggregate - started - -
        nova/compute_task-build_instances-error VirtualMachine d5e6a7b7-80e5-4166-85a3-cd6115201082 project completed failure -
        nova/compute_task-rebuild_server-error VirtualMachine d5e6a7b7-80e5-4166-85a3-cd6115201082 project completed failure -
        nova/flavor-delete ServiceOffering a22d5517-147c-4147-a0d1-e698df5cd4e3 - completed success -
        nova/instance-create-end machine project completed success active
        nova/instance-create-start machine project started - -
        nova/instance-delete-end_compute_down machine project completed success deleted
        nova/instance-delete-start machine project started - -
        nova/instance-delete-start_not_scheduled machine project started - -
        nova/instance-exists machine project - - -
        nova/instance-interface_attach-error machine project completed failure -
        nova/instance-interface_detach-end machine project completed success active
        nova/instance-live_migration_abort-end machine project completed success active
        nova/instance-live_migration_force_complete-end machine project completed success active
        nova/instance-live_migration_post-end machine project completed success active
        nova/instance-live_migration_post_dest-end machine project completed success active
        nova/instance-live_migration_pre-end machine project completed success active
        nova/instance-live_migration_rollback-end machine project completed success active
        nova/instance-live_migration_rollback_dest-end machine project completed success active
        nova/instance-lock-with-reason machine project completed success active
        nova/instance-pause-end machine project completed success paused
        nova/instance-power_off-end machine project completed success stopped
        nova/instance-power_on-end machine project completed success active
        nova/instance-power_on_share-end machine project completed success active
        nova/instance-reboot-end machine project completed success active
        nova/instance-reboot-start machine project started - -
        nova/instance-rebuild-error machine project completed failure -
        nova/instance-rebuild_scheduled machine project scheduled - -
        nova/instance-rescue-start machine project started - -
        nova/instance-resize-error machine project completed failure -
        nova/instance-resize_confirm-end machine project completed success active
        nova/instance-resize_finish-end machine project completed success resized
        nova/instance-resize_prep-end machine project completed success active
        nova/instance-resize_revert-end machine project completed success active
        nova/instance-restore-end machine project completed success active
        nova/instance-resume-end machine project completed success active
        nova/instance-share_attach-end machine project completed success active
        nova/instance-share_attach-start machine project started - -
        nova/instance-share_detach-error machine project completed failure -
        nova/instance-shelve-end machine project completed success shelved
        nova/instance-shelve_offload-end machine project completed success shelved_offloaded
        nova/instance-shutdown-end machine project completed success active
        nova/instance-snapshot-end machine project completed success active
        nova/instance-soft_delete-end machine project completed success soft-delete
        nova/instance-suspend-end machine project completed success suspended
        nova/instance-trigger_crash_dump-end machine project completed success active
        nova/instance-unlock machine project completed success active
        nova/instance-unpause-start machine project started - -
        nova/instance-unrescue-start machine project started - -
        nova/instance-unshelve-start machine project started - -
        nova/instance-update machine project completed - building
        nova/instance-volume_attach-error machine project completed failure -
        nova/instance-volume_detach-end machine project completed success active
        nova/instance-volume_swap-end machine project completed success active
        nova/instance-volume_swap-start machine project started - -
        nova/keypair-create-start SSHKeyPair fake:my-key - started - -
        nova/keypair-delete-start SSHKeyPair fake:my-key - started - -
        nova/keypair-import-start SSHKeyPair fake:my-key - started - -
        nova/metrics-update Host compute - - - -
        nova/scheduler-select_destinations-start VirtualMachine d5e6a7b7-80e5-4166-85a3-cd6115201082 project started - -
        nova/server_group-create AffinityGroup 788608ec-ebdc-45c5-bc7f-e5f24ab92c80 project completed success -
        nova/service-create Service fa69c544-906b-4a6a-a9c6-c1f7a8078c73 - completed success -
        nova/service-update Service fa69c544-906b-4a6a-a9c6-c1f7a8078c73 - completed success -
        oslo/baremetal-port-update-end BaremetalPort 438711ba-1bcd-4f19-8b34-53cdc6d61bc4 32e02632f4f04415bab5895d1e7247b7 completed success -
        oslo/baremetal_node_power_set BaremetalNode a8a8548c-fc07-4d9c-a5f2-5f2c6fe7992c - completed success deleting
        oslo/keystone-project-created Account 148f2f86b96440a1ba0934f837b2c77b 148f2f86b96440a1ba0934f837b2c77b completed success -
        oslo/oslo-event-network.create.end Network 5dddb3dc-b6d6-4247-a02e-8089c4374290 46c1e917980e4485915b1444e8c50cc2 completed success ACTIVE
        oslo/oslo-event-network.delete.end Network 5dddb3dc-b6d6-4247-a02e-8089c4374290 4cde1e465a5d41e482755f7d1ce12b28 completed success -
        """

    static let expectations = table.split(separator: "\n").map { Expectation($0) }

    static func files() throws -> [String] {
        try ["nova", "oslo"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: "\(samplesPath)/\(folder)")
                .filter { $0.hasSuffix(".json") }.map { "\(folder)/\($0.dropLast(5))" }
        }
    }

    private static func body(_ file: String) throws -> String {
        try String(contentsOfFile: "\(samplesPath)/\(file).json", encoding: .utf8)
    }

    @Test func `every line has its sample, and a sample without a line decodes as well`() throws {
        let (files, lines) = (Set(try OsloSampleTests.files()), Set(OsloSampleTests.expectations.map(\.file)))
        #expect(lines.isSubset(of: files))
        for file in files.subtracting(lines) {
            let event = try decodeOslo(try OsloSampleTests.body(file))
            #expect(event.type.hasPrefix("org.openstack."), "\(file)")
        }
    }

    @Test(arguments: expectations)
    func `every sample decodes to what it says`(expected: Expectation) throws {
        let body = try OsloSampleTests.body(expected.file)
        let event = try decodeOslo(body)
        #expect(event.resource == expected.resource)
        #expect(event.fields.tenantID == expected.owner)
        #expect(event.fields.phase == expected.phase)
        #expect(event.fields.outcome == expected.outcome)
        #expect(event.fields.newState == expected.state)
        #expect(!event.fields.isRedacted)
        #expect(event.topic.words.suffix(2).joined(separator: "/") == event.resource?.description)
        #expect(event.fields.severity == (expected.outcome == .failure ? .error : nil))
        let words = event.type.split(separator: ".")
        #expect(words.starts(with: ["org", "openstack"]))
        // Enveloped it is the same, whatever it is read from.
        let stored = try #require(text(event.payload.original))
        #expect(try decodeOslo(enveloped(stored)) == event)
        let facts = try #require(try osloFacts(body))
        #expect(facts.state == expected.state)
        #expect(facts.ownerID == expected.owner)
        #expect(facts.isDeletion == (expected.outcome == .success && event.type.contains(".delete")))
        if let details = facts.details {
            #expect(!expected.file.contains("-start") && !expected.file.contains("-error"))
            #expect(text(details)?.contains("_object.") == false)
        }
    }

    @Test func `the envelope's own attributes are read`() throws {
        let event = try decodeOslo(try OsloSampleTests.body("oslo/oslo-event-network.create.end"))
        #expect(event.id == "8994f9f2-851b-4279-ba38-1e55d0307926")
        #expect(event.source == "/clouds/osp/network.neutron-server-7d76968979-6np4r")
        #expect(event.time?.description == "2025-09-11T16:26:01.168699Z")
        #expect(event.fields.operationID == "req-3297674b-4d51-44ad-b787-e2667f43ff53")
        #expect(event.fields.actorID == "5f9179b7e200cd85c55e8a26400e266c6b4f7209f6d3fb2adc3cf8e1113c378c")
        #expect(text(event.payload.original)?.contains("Marek") == false)
    }
}
