import MartletJSON
import MartletPipeline

/// Replays with what they are doing, as the API shows them.
struct ReplayStatuses: Sendable {
    let replays: Replays

    /// Writes `"replays": […]`.
    func write(_ records: [ReplayRecord], into writer: inout JSONWriter) {
        writer.key("replays")
        writer.beginArray()
        for record in records {
            writer.beginObject()
            write(record, into: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    /// Writes the members of one.
    func write(_ record: ReplayRecord, into writer: inout JSONWriter) {
        record.write(state: state(of: record), definition: replays.redactedDefinition(of: record), into: &writer)
    }

    /// What a replay is doing where it runs, or where it is in its life.
    func state(of record: ReplayRecord) -> String {
        let activity = record.state == .running ? replays.activity(of: record.id) : nil
        return activity?.rawValue ?? record.state.rawValue
    }
}
