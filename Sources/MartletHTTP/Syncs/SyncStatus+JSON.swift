import Martlet
import MartletJSON
import MartletPipeline

extension [SyncStatus] {
    /// Writes `"syncs": […]`.
    func write(into writer: inout JSONWriter) {
        writer.key("syncs")
        writer.beginArray()
        for status in self {
            writer.beginObject()
            status.write(into: &writer)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension SyncStatus {
    /// Writes the members of a sync.
    func write(into writer: inout JSONWriter) {
        writer.member("id", id.description)
        writer.member("kind", request.kind)
        writer.member("cloud", cloud)
        writer.member("state", state.rawValue)
        writer.member("phase", phase.rawValue)
        writer.key("current")
        writer.stringOrNull(current)
        writer.member("dryrun", request.isDry)
        writer.member("rate", request.rate ?? 0)
        writer.member("created", created.description)
        writer.key("ended")
        writer.stringOrNull(ended?.description)
        writer.key("reason")
        writer.stringOrNull(reason)
        total.write(into: &writer)
        writer.member("events", events)
        writer.key("types")
        writer.beginArray()
        for type in types { type.write(into: &writer) }
        writer.endArray()
        writer.key("differences")
        writer.beginArray()
        for difference in differences { difference.write(into: &writer) }
        writer.endArray()
    }
}

extension SyncTypeStatus {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", type)
        writer.member("state", state.rawValue)
        writer.member("first", isFirst)
        counts.write(into: &writer)
        writer.key("reason")
        writer.stringOrNull(reason)
        writer.endObject()
    }
}

extension SyncCounts {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("read", read)
        writer.member("unchanged", unchanged)
        writer.member("changed", changed)
        writer.member("new", created)
        writer.member("gone", deleted)
        writer.member("newer", newer)
        writer.member("unconfirmed", unconfirmed)
    }
}

extension SyncDifference {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", resource.type)
        writer.member("id", resource.id)
        writer.key("name")
        writer.stringOrNull(name)
        writer.member("found", found.rawValue)
        writer.key("changes")
        differences.write(into: &writer)
        writer.endObject()
    }
}
