import Martlet
import MartletJSON
import MartletPipeline

/// The store and its retention, for status and metrics.
struct StoreStatus: Sendable {
    let bytes: Int64
    let space: StoreSpace
    let extent: LogExtent
    let retention: RetentionStatus?

    init(_ pipeline: Pipeline) async throws {
        bytes = try await pipeline.store.sizeInBytes()
        space = try await pipeline.store.space()
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
}
