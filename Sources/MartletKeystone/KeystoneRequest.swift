import MartletJSON
import MartletTransfer

/// What is posted for a token: pure.
struct KeystoneRequest {
    let settings: KeystoneSettings

    func make() -> HTTPRequest {
        HTTPRequest(
            method: "POST",
            url: "\(settings.url)/auth/tokens",
            headers: [("content-type", "application/json"), ("accept", "application/json")],
            body: body,
            timeout: settings.timeout,
            connectTimeout: min(settings.timeout, .seconds(5)),
            // Catalogues of large clouds go into hundreds of kilobytes.
            maximumResponseBytes: 8 << 20,
            certificateAuthority: settings.certificateAuthority
        )
    }

    /// The body of `POST /v3/auth/tokens` (Identity API v3, "Password authentication with scoped authorization" and
    /// "Authenticating with an Application Credential").
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.object("auth") {
                $0.object("identity", identity)
                if case .password(_, _, let project) = settings.credential {
                    $0.object("scope") { $0.object("project") { $0.write(project) } }
                }
            }
        }
        return writer.bytes
    }

    private func identity(_ writer: inout JSONWriter) {
        let method =
            switch settings.credential {
            case .application, .namedApplication: "application_credential"
            case .password: "password"
            }
        writer.key("methods")
        writer.beginArray()
        writer.string(method)
        writer.endArray()
        switch settings.credential {
        case .application(let id, let secret):
            writer.object("application_credential") {
                $0.member("id", id)
                $0.member("secret", secret.text)
            }
        case .namedApplication(let name, let user, let secret):
            writer.object("application_credential") {
                $0.member("name", name)
                $0.object("user") { $0.write(user) }
                $0.member("secret", secret.text)
            }
        case .password(let user, let password, _):
            writer.object("password") {
                $0.object("user") {
                    $0.write(user)
                    $0.member("password", password.text)
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func object(_ body: (inout JSONWriter) -> Void) {
        beginObject()
        body(&self)
        endObject()
    }

    fileprivate mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    fileprivate mutating func write(_ name: KeystoneName) {
        switch name {
        case .id(let id): member("id", id)
        case .name(let name, let domain):
            member("name", name)
            object("domain") {
                switch domain {
                case .id(let id): $0.member("id", id)
                case .name(let name): $0.member("name", name)
                }
            }
        }
    }
}
