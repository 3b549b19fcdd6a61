import MartletJSON

/// Merging JSON objects member by member.
enum JSONMerge {
    /// A document is written anew with each event that shapes it: what is larger is not kept.
    private static let maximumBytes = 64 << 10
    /// The levels that stand around the details where they are stored and sent.
    private static let surroundingLevels = 8

    /// The merged object, if it can be stored and read back; else the newer one alone, if that can; else `nil`.
    static func storable(_ newer: Bytes, over older: Bytes?) -> [UInt8]? {
        guard let merged = shallow(newer, over: older) else { return nil }
        if isStorable(merged) { return merged }
        return isStorable(newer) ? Array(newer) : nil
    }

    /// Whether a text stays readable where it will stand: parsers bound the depth.
    private static func isStorable(_ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count <= maximumBytes else { return false }
        let opening = Array(repeating: UInt8(ascii: "["), count: surroundingLevels)
        let closing = Array(repeating: UInt8(ascii: "]"), count: surroundingLevels)
        return (try? JSONDocument(parsing: opening + bytes + closing)) != nil
    }

    /// The members of `newer`, and those of `older` that it does not have; values are spliced, not looked into.
    ///
    /// - Returns: `nil` where `newer` is no JSON object. An `older` that is none is left out.
    static func shallow(_ newer: Bytes, over older: Bytes?) -> [UInt8]? {
        guard let newDocument = try? JSONDocument(parsing: newer), newDocument.root.kind == .object else { return nil }
        guard let older, let oldDocument = try? JSONDocument(parsing: older), oldDocument.root.kind == .object else {
            return Array(newDocument.root.bytes)
        }
        // What a cloud says of a resource mostly has the same members each time: nothing of what was known stays then.
        if haveSameKeys(newDocument.root, oldDocument.root) { return Array(newDocument.root.bytes) }
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

    /// Whether two objects have the same keys in the same order.
    private static func haveSameKeys(_ first: JSONValue, _ second: JSONValue) -> Bool {
        var others = second.members
        for member in first.members {
            guard let other = others.next(), other.keyContent.elementsEqual(member.keyContent) else { return false }
        }
        return others.next() == nil
    }
}
