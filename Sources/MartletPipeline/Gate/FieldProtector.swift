import MartletJSON

/// Takes hidden fields out of a JSON text, byte for byte otherwise.
struct FieldProtector {
    private let view: FieldView
    /// Where an image's properties are looked for.
    private let part: ImageProperties.Part
    /// JSON within strings within JSON is looked into so deep.
    private static let maximumNesting = 4

    init(_ view: FieldView, part: ImageProperties.Part = .none) {
        self.view = view
        self.part = part
    }

    /// The text without what may not be seen; the text itself where nothing is hidden.
    ///
    /// - Returns: `nil` where the text is no JSON, so that nothing can be said about its fields.
    func protect(_ bytes: Bytes) -> Bytes? { protect(bytes, Place(part: part)) }

    /// Where in the text something stands.
    private struct Place {
        var path = ""
        var nesting = 0
        var part: ImageProperties.Part

        func member(_ key: String) -> Place {
            Place(
                path: path.isEmpty ? key : "\(path).\(key)",
                nesting: nesting,
                part: ImageProperties.part(of: key, in: part)
            )
        }
    }

    private func protect(_ bytes: Bytes, _ place: Place) -> Bytes? {
        guard let document = try? JSONDocument(parsing: bytes) else { return nil }
        var edits: [JSONSplice.Edit] = []
        visit(document.root, place, &edits)
        guard !edits.isEmpty else { return bytes }
        return JSONSplice.applying(edits, to: document.bytes)[...]
    }

    private func visit(_ value: JSONValue, _ place: Place, _ edits: inout [JSONSplice.Edit]) {
        switch value.kind {
        case .object:
            for member in value.members {
                let key = member.key
                let inner = place.member(key)
                switch verdict(key, inner, in: place.part) {
                case .dropped: edits.append(.remove(member.range))
                case .masked: edits.append(.replace(member.value.range, with: FieldProtector.mark))
                case .shown: visit(member.value, inner, &edits)
                }
            }
        case .array:
            for element in value.elements {
                guard case .map = place.part else {
                    visit(element, place, &edits)
                    continue
                }
                if isShown(property: element) {
                    visit(element, Place(path: place.path, nesting: place.nesting, part: .none), &edits)
                } else {
                    edits.append(.replace(element.range, with: FieldProtector.mark))
                }
            }
        case .string:
            visitNested(value, place, &edits)
        case .number, .boolean, .null: break
        }
    }

    private func verdict(_ key: String, _ place: Place, in part: ImageProperties.Part) -> FieldVerdicts.Verdict {
        if let properties = view.properties, ImageProperties.isProperty(key, in: part), !properties.shows(key) {
            return .dropped
        }
        return view.verdicts.verdict(path: place.path, key: key)
    }

    /// Whether an element of a list of properties, `{"key": …, "value": …}`, is one that may be read.
    private func isShown(property element: JSONValue) -> Bool {
        guard let properties = view.properties, element.kind == .object else { return false }
        // Of a key that stands there twice nobody knows which one counts.
        let names = element.members.filter { ["key", "name"].contains($0.key) }.map(\.value.string)
        return !names.isEmpty && names.allSatisfy { $0.map(properties.shows) ?? false }
    }

    /// A string that is JSON itself, as older clouds nest it.
    private func visitNested(_ value: JSONValue, _ place: Place, _ edits: inout [JSONSplice.Edit]) {
        guard value.mayBeJSON, let text = value.string else { return }
        guard place.nesting < FieldProtector.maximumNesting else {
            // Too deep to be looked into: nothing of it is shown.
            return edits.append(.replace(value.range, with: FieldProtector.mark))
        }
        let inner = ArraySlice(text.utf8)
        var nested = place
        nested.nesting += 1
        guard let protected = protect(inner, nested) else {
            // It looks like fields and is nothing that can be looked into: cut off, or written by Python.
            if FieldProtector.looksLikeFields(text) {
                edits.append(.replace(value.range, with: FieldProtector.mark))
            }
            return
        }
        guard !protected.elementsEqual(inner) else { return }
        var writer = JSONWriter(reservingCapacity: protected.count + 16)
        writer.string(String(decoding: protected, as: UTF8.self))
        edits.append(.replace(value.range, with: writer.bytes))
    }

    /// Whether a text that is no JSON begins as an object does, or a list of objects or texts.
    private static func looksLikeFields(_ text: String) -> Bool {
        let text = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard text.first == "[" else { return text.first == "{" }
        return text.dropFirst().first { !$0.isWhitespace }.map { "{[\"'(".contains($0) } ?? false
    }

    private static let mark = Array(#""***""#.utf8)
}

extension JSONValue {
    /// Whether a string begins, behind white space, as an object or an array does.
    fileprivate var mayBeJSON: Bool {
        guard var rest = stringContent else { return false }
        while let first = rest.first {
            switch first {
            case UInt8(ascii: "{"), UInt8(ascii: "["): return true
            case UInt8(ascii: " "): rest.removeFirst()
            // A byte order mark.
            case 0xEF: return true
            // An escape: of white space, or of what could stand for a bracket.
            case UInt8(ascii: "\\"): return true
            default: return false
            }
        }
        return false
    }
}
