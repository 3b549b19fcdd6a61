import MartletJSON

/// Reading with words for what is missing: an answer without a promised member is an error, not an empty text.
extension JSONValue {
    func text(_ name: String) throws(ClientError) -> String {
        guard let text = self[name]?.string else { throw .unreadable("the member \"\(name)\" is missing or no text") }
        return text
    }

    /// A number that is missing counts nothing.
    func count(_ name: String) -> Int { self[name]?.integer.map { Int($0) } ?? 0 }

    /// The elements of a member that has to be an array.
    func list(_ name: String) throws(ClientError) -> [JSONValue] {
        guard let list = self[name], list.kind == .array else {
            throw .unreadable("the member \"\(name)\" is missing or no list")
        }
        return Array(list.elements)
    }
}
