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

    /// The forwarders that the configuration names no more, by name.
    var retired: [ForwarderStatus] {
        let running = Set(forwarders.map(\.id))
        return statuses.values.filter { !running.contains($0.id) }.sorted { $0.name < $1.name }
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
        for status in retired { write(status.name, nil, status, into: &writer) }
        writer.endArray()
    }

    /// Writes one forwarder.
    func write(_ forwarder: Forwarder, into writer: inout JSONWriter) {
        write(forwarder.name, forwarder, statuses[forwarder.id], into: &writer)
    }

    /// - Parameter forwarder: `nil` for a retired one.
    func write(
        _ name: String,
        _ forwarder: Forwarder?,
        _ status: ForwarderStatus?,
        into writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("state", forwarder?.activity.rawValue ?? "retired")
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
        writer.stringOrNull(forwarder?.unavailableSince?.description)
        writer.key("next_attempt")
        writer.stringOrNull(forwarder?.nextAttempt?.description)
        writer.key("resynchronisation")
        if let stretch = forwarder?.resynchronisation {
            writer.beginObject()
            writer.member("from", stretch.from.advanced(by: 1).description)
            writer.member("through", stretch.through.description)
            writer.member("skipped", stretch.skipped)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.key("last_error")
        writer.stringOrNull(status?.lastError)
        writer.member("cursor", (status?.cursor ?? .zero).description)
        writer.endObject()
    }
}
