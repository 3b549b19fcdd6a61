import Martlet
package import MartletJSON

/// In what a resource at its origin differs from what the index knew.
///
/// State, name, owner, domain, what it is tied to, and whether it is there. Not `details`: they hold counters and moments that
/// change without anything having happened, and go into the index in silence.
package struct SyncDifferences: Sendable, Hashable {
    package struct Text: Sendable, Hashable {
        /// As the document has it: `state`.
        package var field: String
        package var from: String?
        package var to: String?
    }

    package struct Relation: Sendable, Hashable {
        package var kind: String
        package var from: [String]
        package var to: [String]
    }

    package private(set) var texts: [Text] = []
    package private(set) var relations: [Relation] = []

    package init() {}

    package var isEmpty: Bool { texts.isEmpty && relations.isEmpty }

    package mutating func add(_ field: String, from old: String?, to new: String?) {
        texts.append(Text(field: field, from: old, to: new))
    }

    mutating func add(relation kind: String, from old: [String], to new: [String]) {
        relations.append(Relation(kind: kind, from: old, to: new))
    }

    package subscript(field: String) -> Text? { texts.first { $0.field == field } }

    /// Writes `{"state": {"from": …, "to": …}, "relations": {"host": {"from": […], "to": […]}}}`.
    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        for text in texts {
            writer.key(text.field)
            writer.beginObject()
            writer.key("from")
            if let from = text.from { writer.string(from) } else { writer.null() }
            writer.key("to")
            if let to = text.to { writer.string(to) } else { writer.null() }
            writer.endObject()
        }
        if !relations.isEmpty {
            writer.key("relations")
            writer.beginObject()
            for relation in relations {
                // A kind is a key of its own, so that the gate knows it wherever it stands.
                writer.key(relation.kind)
                writer.beginObject()
                write(relation.from, as: "from", into: &writer)
                write(relation.to, as: "to", into: &writer)
                writer.endObject()
            }
            writer.endObject()
        }
        writer.endObject()
    }

    private func write(_ ids: [String], as name: String, into writer: inout JSONWriter) {
        writer.key(name)
        writer.beginArray()
        for id in ids { writer.string(id) }
        writer.endArray()
    }
}
