import MartletJSON
import MartletPipeline

/// What of a resource can be searched for.
struct ResourceText {
    /// Bytes of its details' texts at the most.
    private static let maximumLength = 16 << 10

    let name: String
    let id: String
    /// Everything else: its type, the ids of related resources, the texts within its details.
    ///
    /// Not its state, which changes more often than all else together, and which a search is narrowed by instead.
    private(set) var words: String

    init(_ record: ResourceRecord) {
        name = record.name ?? ""
        id = record.id
        words = record.type
        for (_, ids) in record.relations.sorted(by: { $0.key < $1.key }) {
            for id in ids { add(id) }
        }
        if let details = record.details, let document = try? JSONDocument(parsing: details) { add(document.root) }
    }

    /// Changes when the text does.
    var digest: Int64 {
        let hash = SipHash(key: SipHash.Key(low: 0, high: 0))
        var text = name + "\n" + id + "\n" + words
        return Int64(bitPattern: text.withUTF8 { hash(UnsafeRawBufferPointer($0)) })
    }

    private mutating func add(_ text: String) {
        guard words.utf8.count + text.utf8.count < ResourceText.maximumLength else { return }
        words += " "
        words += text
    }

    private mutating func add(_ value: JSONValue) {
        switch value.kind {
        case .string: if let text = value.string { add(text) }
        case .object: for member in value.members { add(member.value) }
        case .array: for element in value.elements { add(element) }
        case .number, .boolean, .null: break
        }
    }
}
