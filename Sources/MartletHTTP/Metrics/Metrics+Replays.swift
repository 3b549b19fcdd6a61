import MartletPipeline

extension Metrics {
    private struct ReplayMetric: Sendable {
        var name: String
        var kind = PrometheusText.Kind.counter
        var help: String
        var value: @Sendable (ReplayRecord) -> Int64
    }

    private static let replayMetrics = [
        ReplayMetric(name: "martlet_replay_delivered_events_total", help: "Events that the destination has taken.") {
            $0.counts.delivered
        },
        ReplayMetric(name: "martlet_replay_filtered_events_total", help: "Events that the filter did not want.") {
            $0.counts.filtered
        },
        ReplayMetric(name: "martlet_replay_failed_events_total", help: "Events that the replay gave up on.") {
            $0.counts.dead
        },
        ReplayMetric(name: "martlet_replay_skipped_events_total", help: "Events that were no longer in the log.") {
            $0.counts.skipped
        },
        ReplayMetric(name: "martlet_replay_pending_events", kind: .gauge, help: "Events that are not concluded.") {
            $0.pending
        },
    ]

    /// How many replays there are of each state, and the numbers of those that have not ended: each is a series of its own.
    static func write(_ records: [ReplayRecord], _ statuses: ReplayStatuses, into text: inout PrometheusText) {
        text.metric("martlet_replays", .gauge, "Replays that have not ended, by what they are doing.")
        let open = records.filter { !$0.state.hasEnded }
        let states = Dictionary(grouping: open) { statuses.state(of: $0) }
        for state in Forwarder.Activity.allCases.map(\.rawValue) {
            text.sample("martlet_replays", [("state", state)], states[state]?.count ?? 0)
        }
        for metric in replayMetrics {
            text.metric(metric.name, metric.kind, metric.help)
            for record in open.reversed() {
                text.sample(metric.name, [("replay", record.id.description)], metric.value(record))
            }
        }
    }
}
