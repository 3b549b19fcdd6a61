import Foundation

/// Secrets whose text is known, to be cut out of any text, wherever they have got to.
package struct KnownSecrets: Sendable {
    /// Anything shorter stands in every other word.
    private static let leastLength = 5
    /// What everybody knows is no secret, and cutting it would leave nothing to read.
    private static let everybodys: Set = [
        "guest", "admin", "martlet", "cloudstack", "rabbitmq", "kafka", "password", "secret", "localhost",
    ]

    private var texts: Set<String> = []

    package init() {}

    /// What variables hold whose names say that it is a secret.
    package init(environment: [String: String]) {
        for (name, value) in environment where SecretNames.contains(name) { add(value) }
    }

    /// Adds a secret, and the credentials in it where it is a URL, as they are written and as they are meant.
    package mutating func add(_ secret: String) {
        let secret = secret.trimmingCharacters(in: .whitespacesAndNewlines)
        insert(secret)
        guard let scheme = secret.firstRange(of: "://") else { return }
        for part in secret[scheme.upperBound...].split(separator: ",") {
            guard let at = part.lastIndex(of: "@") else { continue }
            let words = part[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if words.count == 2 { insert(String(words[1])) }
        }
    }

    package mutating func add(_ other: KnownSecrets) { texts.formUnion(other.texts) }

    private mutating func insert(_ text: String) {
        for form in Set([text, text.removingPercentEncoding ?? text]) {
            guard form.count >= Self.leastLength, !Self.everybodys.contains(form.lowercased()) else { continue }
            texts.insert(form)
            // As it stands in a URL, in JSON, and in a header of HTTP's basic authentication.
            if let encoded = form.addingPercentEncoding(withAllowedCharacters: .alphanumerics) { texts.insert(encoded) }
            if form.contains(where: { "\"\\/".contains($0) }) {
                let escaped = form.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                texts.formUnion([escaped, escaped.replacing("/", with: "\\/")])
            }
        }
    }

    /// The text without any of them.
    package func cut(from text: String) -> String {
        // The longest first: one may be a part of another.
        texts.sorted { ($1.count, $0) < ($0.count, $1) }.reduce(text) { $0.replacing($1, with: TextRedaction.mark) }
    }
}
