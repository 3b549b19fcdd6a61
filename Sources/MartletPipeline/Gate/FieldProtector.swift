import MartletJSON

/// Takes hidden fields out of a JSON text, byte for byte otherwise.
struct FieldProtector {
    private let protection: Protection
    /// JSON within strings within JSON is looked into so deep.
    private static let maximumNesting = 4

    init(_ protection: Protection) { self.protection = protection }

    /// The text without what may not be seen; the text itself where nothing is hidden.
    ///
    /// - Returns: `nil` where the text is no JSON, so that nothing can be said about its fields.
    func protect(_ bytes: Bytes) -> Bytes? { protect(bytes, path: "", nesting: 0) }

    private func protect(_ bytes: Bytes, path: String, nesting: Int) -> Bytes? {
        guard let document = try? JSONDocument(parsing: bytes) else { return nil }
        var edits: [JSONSplice.Edit] = []
        visit(document.root, path: path, nesting: nesting, &edits)
        guard !edits.isEmpty else { return bytes }
        return JSONSplice.applying(edits, to: document.bytes)[...]
    }

    private func visit(_ value: JSONValue, path: String, nesting: Int, _ edits: inout [JSONSplice.Edit]) {
        switch value.kind {
        case .object:
            for member in value.members {
                let key = member.key
                let memberPath = path.isEmpty ? key : "\(path).\(key)"
                switch protection.verdict(path: memberPath, key: key) {
                case .dropped: edits.append(.remove(member.range))
                case .masked: edits.append(.replace(member.value.range, with: Array(#""***""#.utf8)))
                case .shown: visit(member.value, path: memberPath, nesting: nesting, &edits)
                }
            }
        case .array:
            for element in value.elements { visit(element, path: path, nesting: nesting, &edits) }
        case .string:
            visitNested(value, path: path, nesting: nesting, &edits)
        case .number, .boolean, .null: break
        }
    }

    /// A string that is JSON itself, as older clouds nest it.
    private func visitNested(_ value: JSONValue, path: String, nesting: Int, _ edits: inout [JSONSplice.Edit]) {
        guard value.mayBeJSON, let text = value.string else { return }
        guard nesting < FieldProtector.maximumNesting else {
            // Too deep to be looked into: nothing of it is shown.
            return edits.append(.replace(value.range, with: Array(#""***""#.utf8)))
        }
        let inner = ArraySlice(text.utf8)
        guard let protected = protect(inner, path: path, nesting: nesting + 1), !protected.elementsEqual(inner) else {
            return
        }
        var writer = JSONWriter(reservingCapacity: protected.count + 16)
        writer.string(String(decoding: protected, as: UTF8.self))
        edits.append(.replace(value.range, with: writer.bytes))
    }
}

extension JSONValue {
    /// Whether a string begins, behind white space, as an object or an array does.
    fileprivate var mayBeJSON: Bool {
        guard var rest = stringContent else { return false }
        while let first = rest.first {
            switch first {
            case UInt8(ascii: "{"), UInt8(ascii: "["): return true
            case UInt8(ascii: " "): rest.removeFirst()
            // An escape: of white space, or of what could stand for a bracket.
            case UInt8(ascii: "\\"): return true
            default: return false
            }
        }
        return false
    }
}
