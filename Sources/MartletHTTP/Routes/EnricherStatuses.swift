import Martlet
import MartletJSON
import MartletPipeline

/// The enrichers, for status and metrics.
struct EnricherStatuses: Sendable {
    let all: [EnricherStatus]

    init(_ pipeline: Pipeline) { all = pipeline.intake.enrichment?.statuses ?? [] }

    /// Writes `"enrichers": […]`.
    func write(into writer: inout JSONWriter) {
        writer.key("enrichers")
        writer.beginArray()
        for status in all {
            writer.beginObject()
            writer.member("name", status.name)
            writer.member("cloud", status.cloud)
            writer.member("state", status.pausedUntil == nil ? "running" : "failing")
            writer.member("asked", status.asked)
            writer.member("found", status.found)
            writer.member("unknown", status.unknown)
            writer.member("failed", status.failed)
            writer.member("waiting", status.waiting)
            writer.member("dropped", status.dropped)
            writer.key("last_error")
            writer.stringOrNull(status.lastError)
            writer.key("warning")
            writer.stringOrNull(status.warning)
            writer.endObject()
        }
        writer.endArray()
    }

    func write(into text: inout PrometheusText) {
        guard !all.isEmpty else { return }
        func labels(_ status: EnricherStatus) -> [(String, String)] {
            [("enricher", status.name), ("cloud", status.cloud)]
        }
        text.metric("martlet_enricher_questions_total", .counter, "Questions that enrichers asked, by their result.")
        for status in all {
            for (result, count) in [
                ("found", status.found), ("unknown", status.unknown), ("failed", status.failed),
            ] {
                text.sample("martlet_enricher_questions_total", labels(status) + [("result", result)], count)
            }
        }
        text.metric("martlet_enricher_waiting", .gauge, "Questions of the enricher's cloud that wait.")
        for status in all { text.sample("martlet_enricher_waiting", labels(status), status.waiting) }
        text.metric("martlet_enricher_dropped_total", .counter, "Questions of the enricher's cloud that were given up.")
        for status in all { text.sample("martlet_enricher_dropped_total", labels(status), status.dropped) }
        text.metric(
            "martlet_enricher_up",
            .gauge,
            "1 where the enricher is asked, 0 where it is left alone for a while."
        )
        for status in all {
            text.sample("martlet_enricher_up", labels(status), status.pausedUntil == nil ? 1 : 0)
        }
    }
}
