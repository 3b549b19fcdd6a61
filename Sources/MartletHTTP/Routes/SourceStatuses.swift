import Martlet
import MartletJSON
import MartletPipeline

/// The sources of the configuration: how each fares, and what has become of what it handed over.
struct SourceStatuses {
    private let pipeline: Pipeline
    private let settings: HTTPInterface.Settings

    init(_ pipeline: Pipeline, _ settings: HTTPInterface.Settings) {
        self.pipeline = pipeline
        self.settings = settings
    }

    /// Writes `"sources": […]`, by name.
    func write(into writer: inout JSONWriter) {
        let counts = pipeline.intake.counters.sources
        writer.key("sources")
        writer.beginArray()
        for (name, port) in pipeline.sources.all.sorted(by: { $0.key < $1.key }) {
            writer.beginObject()
            writer.member("name", name)
            writer.member("cloud", port.origin.cloud)
            writer.key("transport")
            writer.stringOrNull(settings.sources[name]?.transport)
            writer.key("format")
            writer.stringOrNull(settings.sources[name]?.format)
            write(port.monitor.snapshot, into: &writer)
            write(counts[name] ?? IntakeCounters.Counts(), into: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(_ snapshot: SourceMonitor.Snapshot, into writer: inout JSONWriter) {
        writer.member("state", snapshot.state.rawValue)
        writer.member("since", snapshot.since.description)
        writer.key("place")
        writer.stringOrNull(snapshot.place)
        writer.key("problem")
        if let problem = snapshot.problem { write(problem, into: &writer) } else { writer.null() }
        writer.key("warnings")
        writer.beginArray()
        for (_, warning) in snapshot.warnings.sorted(by: { $0.key < $1.key }) { write(warning, into: &writer) }
        writer.endArray()
        writer.key("backlog")
        if let backlog = snapshot.backlog { writer.integer(backlog) } else { writer.null() }
        writer.key("backlogs")
        writer.beginObject()
        for (part, count) in snapshot.backlogs.sorted(by: { $0.key < $1.key }) {
            writer.key(part)
            writer.integer(count)
        }
        writer.endObject()
        writer.key("lastreceived")
        writer.stringOrNull(snapshot.lastReceived?.description)
        writer.member("reconnections", snapshot.reconnections)
        writer.member("gaps", snapshot.gaps)
    }

    private func write(_ problem: SourceMonitor.Problem, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("what", problem.what)
        writer.member("where", problem.place)
        writer.member("remedy", problem.remedy)
        writer.endObject()
    }

    private func write(_ counts: IntakeCounters.Counts, into writer: inout JSONWriter) {
        writer.member("accepted", counts.accepted)
        writer.member("duplicates", counts.duplicates)
        writer.member("quarantined", counts.quarantined)
        writer.member("ignored", counts.ignored)
        writer.member("refused", counts.refused)
        writer.member("impossibletransitions", counts.impossibleTransitions)
        writer.member("stale", counts.stale)
    }
}
