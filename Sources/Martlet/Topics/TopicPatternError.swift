/// Why a text is no topic pattern, where, and what would be right.
public struct TopicPatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of mistake. New kinds may be added: a switch needs a default.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The stable name: `pattern-empty`.
        public let description: String

        private init(_ name: String) { description = name }

        /// There is no text.
        public static let empty = Code("pattern-empty")
        /// The text is longer than ``TopicPattern/maximumLength``.
        public static let tooLong = Code("pattern-too-long")
        /// A `*` or `#` is part of a longer word.
        public static let wildcardWithinWord = Code("pattern-wildcard-within-word")
    }

    /// The kind of mistake.
    public let code: Code
    /// The text that was to be a pattern.
    public let pattern: String
    /// Which word is wrong, counted from 1; `nil` where it is none in particular.
    public let place: Int?
    /// What is wrong.
    public let reason: String
    /// What would be right.
    public let remedy: String

    /// The pattern, the place, the reason and the remedy in one sentence.
    public var description: String {
        let place = place.map { ", word \($0)" } ?? ""
        return "topic pattern \"\(pattern)\"\(place): \(reason); \(remedy)"
    }

    static let empty = TopicPatternError(
        code: .empty,
        pattern: "",
        place: nil,
        reason: "it is empty",
        remedy: "write \"#\" for every topic"
    )

    static func tooLong(_ pattern: String) -> TopicPatternError {
        TopicPatternError(
            code: .tooLong,
            pattern: pattern,
            place: nil,
            reason: "it has \(pattern.utf8.count) bytes",
            remedy: "AMQP allows \(TopicPattern.maximumLength): write \"*\" or \"#\" for some of the words"
        )
    }

    static func wildcardWithinWord(pattern: String, word: Substring, place: Int) -> TopicPatternError {
        TopicPatternError(
            code: .wildcardWithinWord,
            pattern: pattern,
            place: place,
            reason: "\"\(word)\" mixes a wildcard with other characters",
            remedy: "write \"*\" for exactly one word, \"#\" for any number of words, or the whole word"
        )
    }
}
