import Foundation
import MartletJSON

/// What somebody looks for, to be found in what he may see: the same words that the index of texts is asked for.
///
/// Words separated by white space must all occur; the last one may be the beginning of a word. A word of several parts,
/// `web-01`, is met where they follow one another within one value.
package struct SearchWords: Sendable {
    /// More words than anybody types; what follows is left out.
    private static let maximumWords = 32

    private let phrases: [[String]]

    /// `nil` where the text holds nothing to look for.
    package init?(_ text: String) {
        phrases = text.split(whereSeparator: \.isWhitespace)
            .filter { word in word.contains { $0.isLetter || $0.isNumber } }
            .prefix(SearchWords.maximumWords)
            .map { SearchWords.parts(of: String($0)) }
            .filter { !$0.isEmpty }
        if phrases.isEmpty { return nil }
    }

    /// Whether these values hold all the words.
    func areFound(in values: [String]) -> Bool {
        let texts = values.map(SearchWords.parts)
        return phrases.indices.allSatisfy { index in
            let isLast = index == phrases.count - 1
            return texts.contains { SearchWords.holds($0, phrases[index], asBeginning: isLast) }
        }
    }

    private static func holds(_ text: [String], _ phrase: [String], asBeginning: Bool) -> Bool {
        guard text.count >= phrase.count else { return false }
        return (0...text.count - phrase.count).contains { start in
            phrase.indices.allSatisfy { index in
                let part = text[start + index]
                return asBeginning && index == phrase.count - 1 ? part.hasPrefix(phrase[index]) : part == phrase[index]
            }
        }
    }

    /// Letters and digits that follow one another, without case and accents.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var part = String.UnicodeScalarView()
        func end() {
            guard !part.isEmpty else { return }
            parts.append(String(part).folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil))
            part = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .privateUse:
                part.append(scalar)
            // An accent by itself belongs to its letter.
            case .nonspacingMark where !part.isEmpty: part.append(scalar)
            default: end()
            }
        }
        end()
        return parts
    }
}

extension Gate {
    /// Whether what may be seen of a resource holds the words, so that who sees the one may find the other.
    package func shows(_ words: SearchWords, in record: ResourceRecord) -> Bool {
        let view = view(of: nil, record)
        // The id and the type are shown in any case.
        var values = [record.id, record.type]
        guard let bytes = document(of: record, view), let document = try? JSONDocument(parsing: bytes) else {
            return words.areFound(in: values)
        }
        let root = document.root
        if let name = root["name"]?.string { values.append(name) }
        if let relations = root["relations"] { relations.collectTexts(into: &values) }
        if let details = root["details"] { details.collectTexts(into: &values) }
        return words.areFound(in: values)
    }
}

extension JSONValue {
    fileprivate func collectTexts(into texts: inout [String]) {
        switch kind {
        case .string: if let string { texts.append(string) }
        case .object: for member in members { member.value.collectTexts(into: &texts) }
        case .array: for element in elements { element.collectTexts(into: &texts) }
        case .number, .boolean, .null: break
        }
    }
}
