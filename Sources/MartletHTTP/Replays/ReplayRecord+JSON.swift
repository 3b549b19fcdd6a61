import Martlet
import MartletJSON
import MartletPipeline

extension ReplayRecord {
    /// Writes the members of a replay.
    ///
    /// - Parameters:
    ///   - state: what it is doing, where it runs.
    ///   - definition: as it may be shown.
    func write(state activity: String?, definition: [UInt8], into writer: inout JSONWriter) {
        writer.member("id", id.description)
        writer.member("state", activity ?? state.rawValue)
        writer.key("forwarder")
        writer.stringOrNull(draft.forwarder)
        writer.member("sink", draft.sink)
        writer.key("definition")
        writer.raw(definition)
        writer.member("from", draft.range.lowerBound.description)
        writer.member("to", draft.range.upperBound.description)
        writer.member("cursor", cursor.description)
        writer.member("rate", draft.rate ?? 0)
        writer.key("note")
        writer.stringOrNull(draft.note)
        writer.member("created", draft.created.description)
        writer.key("ended")
        writer.stringOrNull(ended?.description)
        writer.member("total", total)
        writer.member("scanned", scanned)
        writer.member("matched", matched)
        writer.member("delivered", counts.delivered)
        writer.member("filtered", counts.filtered)
        writer.member("failed", counts.dead)
        writer.member("skipped", counts.skipped)
        writer.member("pending", pending)
        writer.member("parked", parked)
        writer.key("pause")
        if let pause {
            writer.beginObject()
            writer.member("cause", pause.cause.rawValue)
            writer.member("reason", pause.reason)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.key("last_error")
        writer.stringOrNull(lastError)
    }
}
