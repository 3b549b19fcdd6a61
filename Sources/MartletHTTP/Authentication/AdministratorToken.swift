import MartletClient

/// The one token that opens everything, known by its hash.
struct AdministratorToken: Sendable {
    /// SHA-256 in hexadecimal digits, in lower case.
    private let hash: [UInt8]
    /// Where an administrator finds the token.
    private let location: String

    init(hash: String, location: String) {
        self.hash = Array(hash.lowercased().utf8)
        self.location = location
    }

    /// Whether a request has it.
    func isMet(by token: BearerToken) -> Bool { token.isMet(by: hash) }

    /// What is told to those who have none that is known.
    func refusal(of token: BearerToken?) -> Problem {
        Problem(
            .unauthorized,
            token == nil
                ? "Send `Authorization: Bearer <token>`. The administrator's token lies in \(location)."
                : "This is not the administrator's token; it lies in \(location)."
        )
    }
}
