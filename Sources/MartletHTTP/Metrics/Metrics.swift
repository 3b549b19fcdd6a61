import Martlet
import MartletPipeline

/// Everything that is counted, for monitoring.
struct Metrics: Sendable {
    private let pipeline: Pipeline
    private let version: String
    private let requests: RequestCounters
    private let control: any ConfigurationControl
    private let started: Timestamp

    init(
        pipeline: Pipeline,
        version: String,
        requests: RequestCounters,
        control: any ConfigurationControl = FixedConfiguration()
    ) {
        self.pipeline = pipeline
        self.version = version
        self.requests = requests
        self.control = control
        started = pipeline.time.now
    }

    /// The metrics in Prometheus's text format.
    func text() async throws -> String {
        let forwarders = try await ForwarderStatuses(pipeline)
        let store = try await StoreStatus(pipeline)
        var text = PrometheusText()
        text.metric("martlet_build_info", .gauge, "The version that runs.")
        text.sample("martlet_build_info", [("version", version)], 1)
        writeSources(into: &text)
        let commits = pipeline.intake.counters.commits
        text.metric("martlet_commits_total", .counter, "Transactions that committed batches or progress.", commits.done)
        text.metric("martlet_commit_failures_total", .counter, "Commits that failed.", commits.failed)
        EnricherStatuses(pipeline).write(into: &text)
        writeForwarders(forwarders, into: &text)
        let replays = try await pipeline.store.replays()
        Metrics.write(replays, ReplayStatuses(replays: pipeline.replays), into: &text)
        Metrics.write(pipeline.syncs, into: &text)
        store.write(into: &text)
        text.metric(
            "martlet_store_damaged_events",
            .gauge,
            "Damaged events that readers have come upon since the start.",
            pipeline.store.damage.count
        )
        text.metric("martlet_http_requests_total", .counter, "HTTP requests answered.")
        for (key, count) in requests.all.sorted(by: { $0.key < $1.key }) {
            text.sample("martlet_http_requests_total", [("method", key.method), ("status", key.statusClass)], count)
        }
        let configuration = control.state
        text.metric("martlet_configuration_reloads_total", .counter, "Reloads of the configuration, by their result.")
        text.sample("martlet_configuration_reloads_total", [("result", "applied")], configuration.applied)
        text.sample("martlet_configuration_reloads_total", [("result", "refused")], configuration.refused)
        ProcessMetrics.write(started: started, into: &text)
        return text.text
    }

    private func writeSources(into text: inout PrometheusText) {
        let counts = pipeline.intake.counters.sources
        let ports = pipeline.sources.all
        let names = ports.keys.sorted()
        for metric in Metrics.sourceMetrics {
            text.metric(metric.name, .counter, metric.help)
            for name in names {
                // From the start on, and at zero: a counter that appears with its first count has no rate.
                text.sample(metric.name, [("source", name)], counts[name]?[keyPath: metric.path] ?? 0)
            }
        }
        let snapshots = names.compactMap { name in
            ports[name].map { (name: name, snapshot: $0.monitor.snapshot) }
        }
        for metric in Metrics.monitorMetrics {
            text.metric(metric.name, metric.kind, metric.help)
            for (name, snapshot) in snapshots {
                if let value = metric.value(snapshot) { text.sample(metric.name, [("source", name)], value) }
            }
        }
        text.metric("martlet_source_backlog", .gauge, "Messages that wait at the origin, for each part of it.")
        for (name, snapshot) in snapshots {
            let whole = snapshot.backlog.map { ["": $0] } ?? [:]
            for (part, count) in (snapshot.backlogs.isEmpty ? whole : snapshot.backlogs).sorted(by: { $0.key < $1.key })
            {
                text.sample("martlet_source_backlog", [("source", name), ("part", part)], count)
            }
        }
    }

    private func writeForwarders(_ statuses: ForwarderStatuses, into text: inout PrometheusText) {
        let all = statuses.all
        for metric in Metrics.forwarderMetrics {
            text.metric(metric.name, metric.kind, metric.help)
            for (forwarder, status) in all {
                text.sample(metric.name, [("forwarder", forwarder.name)], metric.value(status))
            }
        }
        text.metric(
            "martlet_forwarder_lag_seconds",
            .gauge,
            "How long the oldest event that is not concluded has been waiting."
        )
        for (forwarder, status) in all {
            text.sample("martlet_forwarder_lag_seconds", [("forwarder", forwarder.name)], statuses.lag(of: status))
        }
        text.metric("martlet_forwarder_state", .gauge, "1 for the state that a forwarder is in, 0 for the others.")
        for (forwarder, _) in all {
            let activity = forwarder.activity
            for state in Forwarder.Activity.allCases {
                text.sample(
                    "martlet_forwarder_state",
                    [("forwarder", forwarder.name), ("state", state.rawValue)],
                    state == activity ? 1 : 0
                )
            }
        }
    }
}

extension Metrics {
    private struct SourceMetric: Sendable {
        var name: String
        var help: String
        var path: any KeyPath<IntakeCounters.Counts, Int64> & Sendable
    }

    private static let sourceMetrics = [
        SourceMetric(name: "martlet_events_accepted_total", help: "Events committed.", path: \.accepted),
        SourceMetric(name: "martlet_events_duplicates_total", help: "Events stored before.", path: \.duplicates),
        SourceMetric(
            name: "martlet_events_quarantined_total",
            help: "Items that no format could read.",
            path: \.quarantined
        ),
        SourceMetric(name: "martlet_events_ignored_total", help: "Events dropped before the commit.", path: \.ignored),
        SourceMetric(name: "martlet_events_refused_total", help: "Messages refused as a whole.", path: \.refused),
        SourceMetric(
            name: "martlet_impossible_transitions_total",
            help: "Events that contradict the state machine or the index.",
            path: \.impossibleTransitions
        ),
        SourceMetric(name: "martlet_stale_events_total", help: "Events older than what the index knew.", path: \.stale),
    ]

    private struct MonitorMetric: Sendable {
        var name: String
        var kind: PrometheusText.Kind
        var help: String
        /// `nil` where there is nothing to tell yet.
        var value: @Sendable (SourceMonitor.Snapshot) -> Double?
    }

    private static let monitorMetrics = [
        MonitorMetric(name: "martlet_source_up", kind: .gauge, help: "1 while the source takes in, 0 otherwise.") {
            $0.state == .running ? 1 : 0
        },
        MonitorMetric(
            name: "martlet_source_last_received_timestamp_seconds",
            kind: .gauge,
            help: "When the last message came, in seconds since 1970."
        ) { $0.lastReceived.map { Double($0.nanoseconds) / 1e9 } },
        MonitorMetric(
            name: "martlet_source_reconnections_total",
            kind: .counter,
            help: "How often the source has recovered from a failure."
        ) { Double($0.reconnections) },
        MonitorMetric(
            name: "martlet_source_gaps_total",
            kind: .counter,
            help: "Gap alerts: stretches in which events may have been missed."
        ) { Double($0.gaps) },
    ]

    private struct ForwarderMetric: Sendable {
        var name: String
        var kind = PrometheusText.Kind.counter
        var help: String
        var value: @Sendable (ForwarderStatus) -> Int64
    }

    private static let forwarderMetrics = [
        ForwarderMetric(
            name: "martlet_forwarder_committed_events_total",
            help: "Events committed since the start position.",
            value: \.committed
        ),
        ForwarderMetric(
            name: "martlet_forwarder_delivered_events_total",
            help: "Events that the destination has taken.",
            value: \.counts.delivered
        ),
        ForwarderMetric(
            name: "martlet_forwarder_filtered_events_total",
            help: "Events that the filter did not want.",
            value: \.counts.filtered
        ),
        // The numbers of promise 5: redelivery and discarding take from this one, so it is not called a counter.
        ForwarderMetric(
            name: "martlet_forwarder_dead_events",
            kind: .gauge,
            help: "Events among the dead letters.",
            value: \.counts.dead
        ),
        ForwarderMetric(
            name: "martlet_forwarder_skipped_events_total",
            help: "Events that an operator or retention skipped.",
            value: \.counts.skipped
        ),
        ForwarderMetric(
            name: "martlet_forwarder_pending_events",
            kind: .gauge,
            help: "Events that are not concluded.",
            value: \.pending
        ),
    ]
}
