/// Who asks for a token.
package enum KeystoneCredential: Sendable, Hashable {
    /// An application credential: of one project, by itself.
    case application(id: String, secret: KeystoneSecret)
    /// An application credential by its name, which is unique for its user only.
    case namedApplication(name: String, user: KeystoneName, secret: KeystoneSecret)
    /// A user, for a project.
    case password(user: KeystoneName, password: KeystoneSecret, project: KeystoneName)
}

/// A user or a project: its id, or a name within a domain.
package enum KeystoneName: Sendable, Hashable {
    case id(String)
    case name(String, domain: KeystoneDomain)
}

package enum KeystoneDomain: Sendable, Hashable {
    case id(String)
    case name(String)
}
