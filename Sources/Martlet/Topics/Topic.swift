/// Where an event is published: five words `source.category.type.resource.uuid`, joined by full stops.
///
/// A full stop within a word becomes a hyphen and an empty word is written `*`, as CloudStack's event bus does.
/// A routing key of fewer or more words passes through as it stands.
public struct Topic: Sendable, Hashable {
    /// The words joined by full stops, as AMQP routes them.
    public let text: String

    /// The topic of the five words; `nil` and empty ones become `*`.
    public init(source: String?, category: String?, type: String?, resource: String?, id: String?) {
        var text = ""
        text.reserveCapacity(96)
        Topic.append(source, to: &text)
        for word in [category, type, resource, id] {
            text.append(".")
            Topic.append(word, to: &text)
        }
        self.text = text
    }

    /// A topic that is already in its written form.
    public init(text: String) { self.text = text }

    /// The words, at least one.
    public var words: [Substring] { text.split(separator: ".", omittingEmptySubsequences: false) }

    private static func append(_ word: String?, to text: inout String) {
        guard let word, !word.isEmpty else {
            text.append("*")
            return
        }
        // A word without a full stop, the usual one, is copied at once.
        if word.utf8.contains(0x2E) {
            for character in word.unicodeScalars { text.unicodeScalars.append(character == "." ? "-" : character) }
        } else {
            text.append(word)
        }
    }
}

extension Topic: CustomStringConvertible {
    /// The words joined by full stops.
    public var description: String { text }
}
