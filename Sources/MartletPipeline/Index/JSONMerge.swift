import MartletJSON

/// Merging JSON objects member by member.
enum JSONMerge {
    /// A document is written anew with each event that shapes it: what is larger is not kept.
    private static let maximumBytes = 64 << 10
    /// Parsers bound the depth at 256, and levels stand around the details where they are stored and sent.
    private static let maximumDepth = 256 - 8

    /// The members of `newer`, and those of `older` that it does not have; values are spliced, not looked into.
    ///
    /// - Returns: what can be stored and read back: the merged object, or the newer one alone; `nil` where neither can, or where
    ///   `newer` is no JSON object. An `older` that is none is left out. It holds on to neither.
    static func storable(_ newer: Bytes, over older: Bytes?) -> [UInt8]? {
        guard let newObject = object(newer) else { return nil }
        let alone = newObject.bytes.count <= maximumBytes ? Array(newObject.bytes) : nil
        // What a cloud says of a resource mostly has the same members each time: nothing of what was known stays then.
        guard let oldObject = older.flatMap(object), !newObject.hasSameKeys(as: oldObject) else { return alone }
        let merged = merged(newObject, over: oldObject)
        return merged.count <= maximumBytes ? merged : alone
    }

    private static func object(_ bytes: Bytes) -> JSONValue? {
        guard let root = try? JSONDocument(parsing: bytes).root, root.kind == .object else { return nil }
        return root.isNested(atMost: maximumDepth) ? root : nil
    }

    private static func merged(_ newer: JSONValue, over older: JSONValue) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: newer.range.count + older.range.count)
        var written: Set<String> = []
        writer.beginObject()
        for object in [newer, older] {
            for member in object.members where written.insert(member.key).inserted { writer.member(member) }
        }
        writer.endObject()
        return writer.bytes
    }
}
