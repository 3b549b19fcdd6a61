/// The names under which secrets are kept, in configurations, headers, properties and URLs.
enum SecretNames {
    private static let words = [
        "passw", "passphrase", "pwd", "secret", "jaas", "token", "credential", "apikey", "api-key", "api_key",
        "api.key",
        "sessionkey", "session-key", "session_key", "privatekey", "private-key", "private_key", "private.key",
        "key.pem",
        "key.password", "signature", "authorization", "cookie", "auth", "keytab",
    ]
    /// Names with one of the words in them that hold no secret, but say where or how.
    private static let harmless = [
        "audience", "author", "authority", "api-key-file", "password-file", "secret-key-file", "token-file",
        "oauthbearer.token.endpoint.url", "sasl.oauthbearer.method",
    ]

    static func contains(_ name: String) -> Bool {
        let name = name.lowercased()
        return !harmless.contains(name) && words.contains(where: name.contains)
    }
}
