import MartletJSON

/// What a job gave back: the API's answer about the resource.
///
/// It is the resource itself, or that in a wrapper, `{"virtualmachine": {…}}`; until CloudStack 4.15 either of them as a
/// string, with or without the answer's class before it: `…UserVmResponse/virtualmachine/{…}`.
struct JobResult {
    private let value: JSONValue?

    init(_ value: JSONValue?) { self.value = value }

    /// The object that describes the resource of this id; `nil` where the answer is about something else.
    func document(of id: String) -> JSONValue? {
        guard let object else { return nil }
        func isWanted(_ candidate: JSONValue) -> Bool { candidate["id"]?.identifier == id }
        return isWanted(object) ? object : object.members.first { isWanted($0.value) }?.value
    }

    private var object: JSONValue? {
        guard let value, value.kind == .string else { return value }
        guard let text = value.string.map({ Array($0.utf8) }), let brace = text.firstIndex(of: UInt8(ascii: "{")) else {
            return nil
        }
        // A string that only looks like JSON describes nothing.
        return try? JSONDocument(parsing: text[brace...]).root
    }
}
