/// Which topics somebody wants: words joined by full stops, `*` for exactly one word, `#` for any number of words.
///
/// The semantics of AMQP's topic exchanges. Other words match themselves, case-sensitively; a word may be empty
/// (`a..b`), and only `*` and `#` match a topic's literal `*`. A colon is a character like any other.
public struct TopicPattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as it was written.
    public let description: String

    /// The length of an AMQP short string, and so of a binding key, in UTF-8 bytes.
    public static let maximumLength = 255

    /// The pattern that every topic matches, `#`.
    public static let everything = TopicPattern(trusted: "#")

    /// Reads a pattern.
    ///
    /// - Throws: ``TopicPatternError`` where the text is empty, longer than ``maximumLength``, or has a `*` or `#` that
    ///   is not a word of its own.
    public init(_ text: String) throws(TopicPatternError) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= TopicPattern.maximumLength else { throw .tooLong(text) }
        for (index, word) in text.split(separator: ".", omittingEmptySubsequences: false).enumerated()
        where word.utf8.count > 1 && word.utf8.contains(where: TopicPattern.isWildcard) {
            throw .wildcardWithinWord(pattern: text, word: word, place: index + 1)
        }
        description = text
    }

    private init(trusted text: String) { description = text }

    /// The pattern that this topic alone matches; `nil` where a word of the topic is a literal `*` or `#`, which no
    /// exact pattern can name, or where the topic is empty or too long.
    public init?(exactly topic: Topic) {
        guard !topic.text.isEmpty, topic.text.utf8.count <= TopicPattern.maximumLength,
            !topic.text.utf8.contains(where: TopicPattern.isWildcard)
        else { return nil }
        description = topic.text
    }

    /// Whether a topic is one of those wanted. Allocates nothing.
    public func matches(_ topic: Topic) -> Bool {
        var pattern = description
        var text = topic.text
        return pattern.withUTF8 { pattern in
            text.withUTF8 { text in TopicPattern.matches(TopicWords(pattern), TopicWords(text)) }
        }
    }

    /// As file globbing does it: each `#` takes as few words as it can, and one more whenever what follows it fails;
    /// only the last `#` need be reconsidered.
    private static func matches(_ pattern: TopicWords, _ topic: TopicWords) -> Bool {
        var place = pattern.start
        var position = topic.start
        var retry: (place: Int, position: Int)?
        while !topic.isEnd(position) {
            if !pattern.isEnd(place) {
                let word = pattern.word(at: place)
                if isWord(word, 0x23) {
                    place = pattern.after(word)
                    retry = (place, position)
                    continue
                }
                let candidate = topic.word(at: position)
                if isWord(word, 0x2A) || pattern.isEqual(word, candidate, in: topic) {
                    place = pattern.after(word)
                    position = topic.after(candidate)
                    continue
                }
            }
            guard let last = retry else { return false }
            position = topic.after(topic.word(at: last.position))
            place = last.place
            retry = (place, position)
        }
        while !pattern.isEnd(place) {
            let word = pattern.word(at: place)
            guard isWord(word, 0x23) else { return false }
            place = pattern.after(word)
        }
        return true

        func isWord(_ word: Range<Int>, _ byte: UInt8) -> Bool {
            word.count == 1 && pattern.bytes[word.lowerBound] == byte
        }
    }

    private static func isWildcard(_ byte: UInt8) -> Bool { byte == 0x2A || byte == 0x23 }
}
