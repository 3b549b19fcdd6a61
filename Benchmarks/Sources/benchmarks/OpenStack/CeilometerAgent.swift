import Foundation
import MartletTesting

/// `ceilometer-agent-notification` on the queue that it shares with nobody, with its HTTP publisher.
enum CeilometerAgent {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: program)
    static let absenceReason = "ceilometer is not there: make bench PART=openstack installs it"
    /// oslo.messaging's own name for it, which every consumer without a pool shares.
    static let queue = "notifications.info"

    private static let environment = KafkaMockCluster.tools.appending(path: "ceilometer")
    private static let program = environment.appending(path: "bin/ceilometer-agent-notification").path

    /// - Parameter batches: whether it takes and posts batches, as far as it can: its pipeline hands each event to the publisher
    ///   by itself, so that a request still has one.
    static func start(
        from broker: String,
        to url: String,
        batches: Bool,
        in directory: URL
    ) throws -> MeasuredProcess {
        let directory = directory.appending(path: "ceilometer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let (pipeline, configuration) = (
            directory.appending(path: "event_pipeline.yaml"), directory.appending(path: "ceilometer.conf")
        )
        try """
        sources:
          - { name: events, events: ["*"], sinks: [http] }
        sinks:
          - { name: http, publishers: ["\(url)?batch=\(batches)"] }

        """.write(to: pipeline, atomically: false, encoding: .utf8)
        try """
        [DEFAULT]
        event_pipeline_cfg_file = \(pipeline.path)
        [notification]
        messaging_urls = \(broker)
        pipelines = event
        notification_control_exchanges = nova
        \(batches ? "batch_size = 100\nbatch_timeout = 1" : "batch_size = 1")

        """.write(to: configuration, atomically: false, encoding: .utf8)
        return try MeasuredProcess(
            program,
            ["--config-file", configuration.path],
            log: directory.appending(path: "ceilometer.log")
        )
    }
}
