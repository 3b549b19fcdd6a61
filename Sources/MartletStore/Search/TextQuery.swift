/// Turns what a user types into an FTS5 query that means just that, whatever characters are in it.
///
/// Words separated by white space must all occur; the last one may be the beginning of a word. Each is quoted, so that nothing
/// of FTS5's language is left in them.
enum TextQuery {
    /// More words than anybody types; what follows is left out.
    private static let maximumWords = 32

    /// The query; `nil` where the text holds nothing to look for.
    static func make(_ text: String) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace)
            .filter { word in word.contains { $0.isLetter || $0.isNumber } }
            .prefix(maximumWords)
            .map { word in
                // SQLite reads a text up to its first NUL.
                "\""
                    + word.filter { $0 != "\0" }.split(separator: "\"", omittingEmptySubsequences: false)
                    .joined(separator: "\"\"") + "\""
            }
        return words.isEmpty ? nil : words.joined(separator: " ") + "*"
    }
}
