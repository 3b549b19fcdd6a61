/// Naming what a user probably meant.
package enum Spelling {
    /// A sentence for something unknown, with the nearest known ones.
    package static func unknown(_ kind: String, _ text: String, known: [String]) -> String {
        if let nearest = nearest(to: text, in: known) {
            return "there is no \(kind) “\(text)” here; did you mean “\(nearest)”?"
        }
        return "there is no \(kind) “\(text)” here; known are \(known.sorted().joined(separator: ", "))"
    }

    /// The known word at the smallest edit distance, if it is near enough to be a slip.
    package static func nearest(to text: String, in known: [String]) -> String? {
        known.map { (word: $0, distance: distance(text, $0)) }
            .filter { $0.distance <= max(1, $0.word.count / 3) }
            .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
    }

    /// Levenshtein's distance, row by row.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let substitution = diagonal + (character == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substitution, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}
