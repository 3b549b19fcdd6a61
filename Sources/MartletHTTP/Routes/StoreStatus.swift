import Martlet
import MartletJSON
import MartletPipeline

/// The store and its retention, for status and metrics.
struct StoreStatus: Sendable {
    private let bytes: Int64
    private let extent: LogExtent
    private let retention: RetentionStatus?

    init(_ pipeline: Pipeline) async throws {
        bytes = try await pipeline.store.sizeInBytes()
        extent = try await pipeline.store.logExtent()
        retention = pipeline.retention?.status
    }

    /// Writes `"store": {…}` and `"retention": {…}`.
    func write(into writer: inout JSONWriter) {
        writer.key("store")
        writer.beginObject()
        writer.member("bytes", bytes)
        writer.member("head", extent.head.description)
        writer.member("first", extent.first.description)
        writer.key("oldest")
        writer.stringOrNull(extent.oldest?.description)
        writer.endObject()
        guard let retention else { return }
        writer.key("retention")
        writer.beginObject()
        writer.key("age_seconds")
        if let age = retention.policy.age { writer.integer(Int64(age.inSeconds)) } else { writer.null() }
        writer.member("used", retention.used)
        writer.key("bound")
        if let bound = retention.bound { writer.integer(bound) } else { writer.null() }
        writer.member("oversize", retention.isOverSize)
        writer.member("removed", retention.removedEvents)
        writer.key("held")
        if let hold = retention.hold {
            writer.beginObject()
            writer.member("forwarder", hold.forwarder)
            writer.member("position", hold.position.description)
            writer.key("recorded")
            writer.stringOrNull(hold.recorded?.description)
            writer.member("since", hold.since.description)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.key("last_error")
        writer.stringOrNull(retention.lastError)
        writer.endObject()
    }

    func write(into text: inout PrometheusText) {
        text.metric("martlet_store_bytes", .gauge, "The store's size on disk.", bytes)
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
