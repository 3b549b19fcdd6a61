extension String {
    /// The text with `(secret)` for each of these, in their order.
    package func hiding(_ secrets: [String]) -> String {
        secrets.reduce(self) { text, secret in secret.isEmpty ? text : text.replacing(secret, with: "(secret)") }
    }
}
