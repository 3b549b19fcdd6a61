import Martlet
import MartletPipeline

extension StoreStatus {
    func write(into text: inout PrometheusText) {
        text.metric("martlet_store_bytes", .gauge, "The store's size on disk.", bytes)
        text.metric(
            "martlet_store_available_bytes",
            .gauge,
            "What may still be written where the store lies.",
            space.free
        )
        text.metric("martlet_store_head_position", .gauge, "The last position of the log.", extent.head)
        text.metric("martlet_store_first_position", .gauge, "The first position of the log.", extent.first)
        if let oldest = extent.oldest {
            text.metric(
                "martlet_store_oldest_timestamp_seconds",
                .gauge,
                "When the oldest event of the log was recorded, in seconds since 1970.",
                Double(oldest.nanoseconds) / 1e9
            )
        }
        guard let retention else { return }
        text.metric("martlet_store_used_bytes", .gauge, "What is in use of the store's files.", retention.used)
        if let bound = retention.bound {
            text.metric("martlet_retention_bound_bytes", .gauge, "What the store may take up.", bound)
        }
        text.metric(
            "martlet_retention_removed_events_total",
            .counter,
            "Events that retention has removed from the log since the start.",
            retention.removedEvents
        )
        text.metric("martlet_retention_held", .gauge, "1 for the forwarder that holds retention back.")
        if let hold = retention.hold { text.sample("martlet_retention_held", [("forwarder", hold.forwarder)], 1) }
    }
}
