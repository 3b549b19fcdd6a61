import Foundation

/// Which fields of a JSON document are meant: an exact path, or a regular expression.
///
/// The path of a field is the keys that lead to it, joined by full stops; places in arrays do not count:
/// `nic.ipaddress`. In an exact path `*` stands for any one key.
package struct FieldPattern: Sendable, Hashable {
    private enum Form: Sendable, Hashable {
        case path([Substring])
        case expression(NSRegularExpression)
    }

    /// As the configuration has it.
    package let text: String
    private let form: Form

    /// Reads `flavor.extra_specs.*` as a path and everything with other characters than a path's as a regular expression,
    /// which is searched for anywhere in a field's path.
    ///
    /// - Throws: what is wrong with the regular expression.
    package init(_ text: String) throws {
        self.text = text
        if !text.isEmpty, text.unicodeScalars.allSatisfy(FieldPattern.isPathCharacter),
            text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.contains("*") || $0 == "*" })
        {
            form = .path(text.split(separator: ".", omittingEmptySubsequences: false))
        } else {
            form = .expression(try NSRegularExpression(pattern: text))
        }
    }

    // The text says it all, and two compiled expressions need not be equal.
    package static func == (left: FieldPattern, right: FieldPattern) -> Bool { left.text == right.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Whether a field's path is meant.
    func matches(path: String) -> Bool {
        switch form {
        case .path(let words):
            let keys = path.split(separator: ".", omittingEmptySubsequences: false)
            return keys.count == words.count && zip(words, keys).allSatisfy { $0 == "*" || $0 == $1 }
        case .expression(let expression):
            let whole = NSRange(path.startIndex..<path.endIndex, in: path)
            return expression.firstMatch(in: path, range: whole) != nil
        }
    }

    private static func isPathCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "*", ":": true
        default: false
        }
    }
}
