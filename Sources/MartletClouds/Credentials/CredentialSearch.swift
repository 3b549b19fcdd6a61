import MartletJSON

/// Finds where credentials are in a body.
///
/// All ranges are offsets from the start of the bytes, in order, none overlapping another; what is left after cutting them
/// is JSON where the whole was.
struct CredentialSearch {
    private var found: [Range<Int>] = []

    /// JSON within a string within JSON: how often. What is nested deeper is searched as text.
    private static let deepestNesting = 4

    static func ranges(in bytes: Bytes) -> [Range<Int>] { ranges(in: bytes, nesting: 0) }

    private static func ranges(in bytes: Bytes, nesting: Int) -> [Range<Int>] {
        guard nesting <= deepestNesting, let document = try? JSONDocument(parsing: bytes) else {
            return textRanges(in: bytes, nesting: nesting)
        }
        var search = CredentialSearch()
        search.visit(document.root, nesting: nesting)
        return search.found
    }

    /// In text: JSON that follows a prefix, as in CloudStack's old job results `…UserVmResponse/virtualmachine/{…}`, and
    /// `name=value`.
    private static func textRanges(in bytes: Bytes, nesting: Int) -> [Range<Int>] {
        guard nesting <= deepestNesting, let brace = bytes.firstIndex(of: UInt8(ascii: "{")), brace > bytes.startIndex,
            let document = try? JSONDocument(parsing: bytes[brace...])
        else { return CredentialText.ranges(in: bytes) }
        var search = CredentialSearch()
        search.visit(document.root, nesting: nesting)
        let offset = brace - bytes.startIndex
        return CredentialText.ranges(in: bytes[..<brace])
            + search.found.map { $0.lowerBound + offset..<$0.upperBound + offset }
    }

    private mutating func visit(_ value: JSONValue, nesting: Int) {
        switch value.kind {
        case .object: visit(members: Array(value.members), nesting: nesting)
        case .array: for element in value.elements { visit(element, nesting: nesting) }
        case .string: visit(string: value, nesting: nesting)
        case .number, .boolean, .null: break
        }
    }

    /// A cut member takes the comma before it along, or, where no other stays before it, the one after it.
    private mutating func visit(members: [JSONMember], nesting: Int) {
        var endOfLastKept: Int?
        for (index, member) in members.enumerated() {
            guard isCredential(member) else {
                visit(member.value, nesting: nesting)
                endOfLastKept = member.range.upperBound
                continue
            }
            if let endOfLastKept {
                let start = max(endOfLastKept, found.last?.upperBound ?? 0)
                found.append(start..<member.range.upperBound)
            } else {
                let end = index + 1 < members.count ? members[index + 1].range.lowerBound : member.range.upperBound
                found.append(member.range.lowerBound..<end)
            }
        }
    }

    private func isCredential(_ member: JSONMember) -> Bool {
        let content = member.keyContent
        guard content.contains(UInt8(ascii: "\\")) else { return CredentialNames.contains(content) }
        return CredentialNames.contains(Array(member.key.utf8))
    }

    private mutating func visit(string value: JSONValue, nesting: Int) {
        guard let content = value.stringContent, CredentialScan.mayHoldCredentials(content) else { return }
        let text = UnescapedText(content)
        let start = value.range.lowerBound + 1
        for range in CredentialSearch.ranges(in: text.bytes[...], nesting: nesting + 1) {
            let origin = text.origin(of: range)
            found.append(start + origin.lowerBound..<start + origin.upperBound)
        }
    }
}
