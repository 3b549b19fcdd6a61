/// Which properties are never shown.
enum SecretProperty {
    static func isSecret(_ name: String) -> Bool {
        ["password", "secret", ".pem", "jaas", "oauthbearer.config", "keystore.key"].contains { name.contains($0) }
    }
}
