import MartletJSON

/// Merging JSON objects member by member.
enum JSONMerge {
    /// The members of `newer`, and those of `older` that it does not have; values are spliced, not looked into.
    ///
    /// - Returns: `nil` where `newer` is no JSON object. An `older` that is none is left out.
    static func shallow(_ newer: Bytes, over older: Bytes?) -> [UInt8]? {
        guard let newDocument = try? JSONDocument(parsing: newer), newDocument.root.kind == .object else { return nil }
        guard let older, let oldDocument = try? JSONDocument(parsing: older), oldDocument.root.kind == .object else {
            return Array(newer)
        }
        var writer = JSONWriter(reservingCapacity: newer.count + older.count)
        var written: Set<String> = []
        writer.beginObject()
        for member in newDocument.root.members where written.insert(member.key).inserted {
            writer.key(member.key)
            writer.raw(member.value.bytes)
        }
        for member in oldDocument.root.members where written.insert(member.key).inserted {
            writer.key(member.key)
            writer.raw(member.value.bytes)
        }
        writer.endObject()
        return writer.bytes
    }
}
