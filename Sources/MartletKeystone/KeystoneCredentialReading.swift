import MartletPipeline

/// Finds out which kind of credential a section of settings gives, and that it gives one only.
struct KeystoneCredentialReading {
    let settings: ComponentSettings
    let section: String

    func credential() throws(ComponentError) -> KeystoneCredential {
        if let key = ["application-credential-id", "application-credential-name", "application-credential-secret"]
            .first(where: { settings.string($0) != nil })
        {
            return try application(key)
        }
        guard let password = settings.string("password") else {
            throw error(
                nil,
                """
                has no credential: give application-credential-id and application-credential-secret, or username, \
                password and project
                """
            )
        }
        guard let user = try name("username", "user-id", domain: "user-domain") else {
            throw error("password", "is nobody's: say whose with username or user-id")
        }
        guard let project = try name("project", "project-id", domain: "project-domain") else {
            throw error(nil, "names no project: say with project or project-id what the token is for")
        }
        return .password(user: user, password: KeystoneSecret(password), project: project)
    }

    private func application(_ key: String) throws(ComponentError) -> KeystoneCredential {
        for other in ["password", "project", "project-id", "project-domain", "project-domain-id"]
        where settings.string(other) != nil {
            throw error(other, "does not go with \(key): an application credential is of one project; take one out")
        }
        guard let secret = settings.string("application-credential-secret") else {
            throw error(key, "has no application-credential-secret beside it")
        }
        let (id, credentialName) = (
            settings.string("application-credential-id"), settings.string("application-credential-name")
        )
        let user = try name("username", "user-id", domain: "user-domain")
        switch (id, credentialName) {
        case (let id?, nil):
            guard user == nil else {
                throw error(
                    settings.string("username") == nil ? "user-id" : "username",
                    "is not needed, since application-credential-id says whose it is: take it out"
                )
            }
            return .application(id: id, secret: KeystoneSecret(secret))
        case (nil, let credentialName?):
            guard let user else {
                throw error("application-credential-name", "is unique for a user only: add username or user-id")
            }
            return .namedApplication(name: credentialName, user: user, secret: KeystoneSecret(secret))
        case (.some, .some):
            throw error("application-credential-name", "stands beside application-credential-id: one is enough")
        case (nil, nil):
            throw error("application-credential-secret", "is of no credential: add application-credential-id")
        }
    }

    private func name(_ key: String, _ idKey: String, domain: String) throws(ComponentError) -> KeystoneName? {
        let (name, id) = (settings.string(key), settings.string(idKey))
        let (domainName, domainID) = (settings.string(domain), settings.string("\(domain)-id"))
        if name != nil, id != nil { throw error(idKey, "stands beside \(key): one of them is enough") }
        if domainName != nil, domainID != nil {
            throw error("\(domain)-id", "stands beside \(domain): one of them is enough")
        }
        if let id { return .id(id) }
        return name.map { .name($0, domain: domainID.map { .id($0) } ?? .name(domainName ?? "Default")) }
    }

    private func error(_ field: String?, _ reason: String) -> ComponentError {
        ComponentError(field: field.map { "\(section).\($0)" } ?? section, reason)
    }
}
