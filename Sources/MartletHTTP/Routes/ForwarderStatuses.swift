import Martlet
import MartletJSON
import MartletPipeline

/// The forwarders of the configuration, with their numbers from one snapshot (promise 5).
struct ForwarderStatuses: Sendable {
    private let forwarders: [Forwarder]
    private let statuses: [ForwarderID: ForwarderStatus]
    private let now: Timestamp

    init(_ pipeline: Pipeline) async throws {
        let all = try await pipeline.store.forwarderStatuses()
        forwarders = pipeline.forwarders.all
        statuses = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
        now = pipeline.time.now
    }

    /// The forwarders in the order of the configuration, each with its numbers.
    var all: [(forwarder: Forwarder, status: ForwarderStatus)] {
        forwarders.compactMap { forwarder in statuses[forwarder.id].map { (forwarder, $0) } }
    }

    /// Dead letters of all forwarders, those included that are no longer in the configuration.
    var deadLetterCount: Int64 { statuses.values.reduce(0) { $0 + $1.counts.dead } }

    /// How long the oldest event that is not concluded has been waiting, in seconds.
    func lag(of status: ForwarderStatus) -> Double {
        status.oldestPending.map { max(0, (now - $0).inSeconds) } ?? 0
    }

    /// Writes `"forwarders": […]`.
    func write(into writer: inout JSONWriter) {
        writer.key("forwarders")
        writer.beginArray()
        for forwarder in forwarders { write(forwarder, into: &writer) }
        writer.endArray()
    }

    /// Writes one forwarder.
    func write(_ forwarder: Forwarder, into writer: inout JSONWriter) {
        let status = statuses[forwarder.id]
        writer.beginObject()
        writer.member("name", forwarder.name)
        writer.member("state", forwarder.activity.rawValue)
        writer.key("pause")
        if let pause = status?.pause {
            writer.beginObject()
            writer.member("cause", pause.cause.rawValue)
            writer.member("reason", pause.reason)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.member("committed", status?.committed ?? 0)
        writer.member("delivered", status?.counts.delivered ?? 0)
        writer.member("filtered", status?.counts.filtered ?? 0)
        writer.member("dead", status?.counts.dead ?? 0)
        writer.member("skipped", status?.counts.skipped ?? 0)
        writer.member("pending", status?.pending ?? 0)
        writer.member("parked", status?.parked ?? 0)
        writer.member("lag_seconds", status.map { lag(of: $0) } ?? 0)
        writer.key("unavailable_since")
        writer.stringOrNull(forwarder.unavailableSince?.description)
        writer.key("next_attempt")
        writer.stringOrNull(forwarder.nextAttempt?.description)
        writer.key("last_error")
        writer.stringOrNull(status?.lastError)
        writer.member("cursor", (status?.cursor ?? .zero).description)
        writer.endObject()
    }
}
