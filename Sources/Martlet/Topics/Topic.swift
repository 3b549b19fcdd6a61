/// Where an event is published: five words `source.category.type.resource.uuid`, joined by full stops.
///
/// A full stop within a word becomes a hyphen and an empty word is written `*`, as CloudStack's event bus does.
/// A routing key of fewer or more words passes through as it stands.
public struct Topic: Sendable, Hashable {
    /// The words joined by full stops, as AMQP routes them.
    public let text: String

    /// The topic of the five words; `nil` and empty ones become `*`.
    public init(source: String?, category: String?, type: String?, resource: String?, id: String?) {
        let sizes = Topic.size(source) + Topic.size(category) + Topic.size(type) + Topic.size(resource) + Topic.size(id)
        // Written into the text's own memory at once: appending word by word costs three times as much.
        text = String(unsafeUninitializedCapacity: sizes + 4) { text in
            var count = Topic.write(source, to: text, at: 0)
            count = Topic.write(category, to: text, at: Topic.separate(text, at: count))
            count = Topic.write(type, to: text, at: Topic.separate(text, at: count))
            count = Topic.write(resource, to: text, at: Topic.separate(text, at: count))
            return Topic.write(id, to: text, at: Topic.separate(text, at: count))
        }
    }

    /// A topic that is already in its written form.
    public init(text: String) { self.text = text }

    /// The words, at least one.
    public var words: [Substring] { text.split(separator: ".", omittingEmptySubsequences: false) }

    private static func size(_ word: String?) -> Int { max(1, word?.utf8.count ?? 0) }

    private static func separate(_ text: UnsafeMutableBufferPointer<UInt8>, at end: Int) -> Int {
        text[end] = UInt8(ascii: ".")
        return end + 1
    }

    /// Writes a word and says where it ends.
    private static func write(_ word: String?, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
        guard var word, !word.isEmpty else {
            text[start] = UInt8(ascii: "*")
            return start + 1
        }
        return word.withUTF8 { word in
            for (offset, byte) in word.enumerated() {
                text[start + offset] = byte == UInt8(ascii: ".") ? UInt8(ascii: "-") : byte
            }
            return start + word.count
        }
    }
}

extension Topic: CustomStringConvertible {
    /// The words joined by full stops.
    public var description: String { text }
}
