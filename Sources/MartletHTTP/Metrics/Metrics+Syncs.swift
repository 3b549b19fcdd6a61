import MartletPipeline

extension Metrics {
    private static let findings: [(name: String, count: @Sendable (SyncCounts) -> Int)] = [
        ("unchanged", { $0.unchanged }), ("changed", { $0.changed }), ("new", { $0.created }), ("gone", { $0.deleted }),
        ("newer", { $0.newer }), ("unconfirmed", { $0.unconfirmed }),
    ]

    /// The syncs that run, and what those have come to that have ended since the start.
    static func write(_ syncs: Syncs, into text: inout PrometheusText) {
        text.metric(
            "martlet_syncs_running",
            .gauge,
            "Syncs that run.",
            syncs.all.count { $0.state == .running }
        )
        let clouds = syncs.counters.numbers.sorted { $0.key < $1.key }
        text.metric("martlet_syncs_ended_total", .counter, "Syncs that have ended, by how.")
        for (cloud, numbers) in clouds {
            for state in SyncStatus.State.allCases where state != .running {
                text.sample(
                    "martlet_syncs_ended_total",
                    [("cloud", cloud), ("state", state.rawValue)],
                    numbers.ended[state] ?? 0
                )
            }
        }
        text.metric("martlet_sync_resources_total", .counter, "Resources that syncs have compared, by what was found.")
        for (cloud, numbers) in clouds {
            for finding in findings {
                text.sample(
                    "martlet_sync_resources_total",
                    [("cloud", cloud), ("found", finding.name)],
                    finding.count(numbers.total)
                )
            }
        }
        text.metric("martlet_sync_events_total", .counter, "Events made of what syncs have found.")
        for (cloud, numbers) in clouds {
            text.sample("martlet_sync_events_total", [("cloud", cloud)], numbers.events)
        }
    }
}
