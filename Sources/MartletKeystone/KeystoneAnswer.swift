import Martlet
import MartletJSON
import MartletTransfer

/// What Keystone's answer means: pure. Nothing of the answer's text is quoted, since it may quote the request.
struct KeystoneAnswer {
    let settings: KeystoneSettings

    /// - Parameter asked: when the token was asked for, by the clock that nobody sets.
    func token(from response: HTTPResponse, asked: Timestamp) throws(KeystoneError) -> KeystoneToken {
        guard (200...299).contains(response.status) else { throw refusal(response) }
        guard let id = response.headers["x-subject-token"], !id.isEmpty else {
            throw malformed("has no X-Subject-Token")
        }
        let root: JSONValue
        do {
            root = try JSONDocument(parsing: response.body).root
        } catch {
            throw malformed("is no JSON, or breaks off")
        }
        guard let token = root["token"],
            let issued = token["issued_at"]?.string.flatMap({ Timestamp($0) }),
            let expiry = token["expires_at"]?.string.flatMap({ Timestamp($0) }), issued < expiry
        else { throw malformed("does not say how long the token is good for") }
        return KeystoneToken(
            id: KeystoneSecret(id),
            projectID: token["project"]?["id"]?.string,
            roles: Set(token["roles"]?.elements.compactMap { $0["name"]?.string } ?? []),
            catalogue: KeystoneCatalogue(token["catalog"]),
            life: expiry - issued,
            asked: asked
        )
    }

    /// What a request without an answer means.
    func error(_ error: TransferError) -> KeystoneError {
        KeystoneError(error.code == .cancelled ? .cancelled : .unreachable, "Keystone: \(error.message)")
    }

    private func refusal(_ response: HTTPResponse) -> KeystoneError {
        let what = "Keystone answered \(response.status)"
        let retryAfter = response.headers["retry-after"]
        switch response.status {
        case 401, 403:
            return KeystoneError(
                .refused,
                "\(what): it does not take the \(credential); check it, and that its user and project are enabled."
            )
        case 300...399:
            return KeystoneError(.notFound, "\(what), a redirect, which is not followed: check auth-url.")
        case 404, 405, 410:
            return KeystoneError(.notFound, "\(what): check auth-url, and that it is that of API version 3.")
        case 400...499 where response.status != 408 && response.status != 429:
            return KeystoneError(
                .refused,
                "\(what): it does not understand the \(credential); check how it is written."
            )
        default:
            return KeystoneError(.unavailable, "\(what).", retryAfter: retryAfter)
        }
    }

    private var credential: String {
        switch settings.credential {
        case .application, .namedApplication: "application credential"
        case .password: "user, password and project"
        }
    }

    private func malformed(_ what: String) -> KeystoneError {
        KeystoneError(.malformed, "Keystone's answer \(what): check that auth-url is Keystone's.")
    }
}
