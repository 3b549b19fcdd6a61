/// A file for CloudStack's or Martlet's side, not yet written.
struct SetupFile: Sendable, Hashable {
    /// The absolute path at which it is to lie in the end.
    var target: String
    var content: String
    /// Whether it holds a password or another secret.
    var isSecret = false
    /// Who owns it where it lies in the end.
    var owner = "root"
    var group = "cloud"

    /// The rights where it lies in the end: CloudStack's management server runs as a member of the group `cloud`.
    var targetMode: String { "0640" }

    /// The rights of the copy that is written here: nobody else's business while it holds a secret.
    var localMode: Int { isSecret ? 0o600 : 0o644 }
}
