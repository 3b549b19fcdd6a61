import Hummingbird
import MartletClient

/// Everybody who is known by a token.
struct Callers: Sendable {
    let administrator: AdministratorToken
    let readers: HTTPInterface.Readers

    /// The one who asks.
    ///
    /// - Throws: a problem where nobody has the token.
    func caller(of request: Request) throws(Problem) -> Caller {
        let token = BearerToken(request)
        guard let token else { throw administrator.refusal(of: nil) }
        var caller: Caller?
        // Every token of everybody is looked at, so that the time says nothing about who has one.
        for reader in readers.all {
            for hash in reader.tokenHashes where token.isMet(by: Array(hash.utf8)) { caller = .reader(reader) }
        }
        if administrator.isMet(by: token) { caller = .administrator }
        guard let caller else { throw administrator.refusal(of: token) }
        return caller
    }

    /// Lets the administrator pass only.
    func requireAdministrator(_ request: Request) throws(Problem) {
        guard case .reader(let reader) = try caller(of: request) else { return }
        throw Problem(
            .forbidden,
            "The reader \"\(reader.name)\" may read events and resources only; this takes the administrator's token."
        )
    }
}
