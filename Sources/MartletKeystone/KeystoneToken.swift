package import Martlet

/// What Keystone gives: proof of who asks, for a while.
package struct KeystoneToken: Sendable, Hashable {
    /// What goes into `X-Auth-Token`.
    package let id: KeystoneSecret
    /// The project that it is for.
    package let projectID: String?
    /// The names of the roles that it carries.
    package let roles: Set<String>
    package let catalogue: KeystoneCatalogue
    /// When it was asked for, by the clock that nobody sets.
    let asked: Timestamp
    /// When another should be asked for, by the clock that nobody sets.
    package let renewal: Timestamp
    /// When it ends, by the same clock.
    package let expiry: Timestamp

    /// - Parameters:
    ///   - life: from issue to end, by Keystone's own clock.
    ///   - asked: when it was asked for, by the clock that nobody sets here: neither machine's clock need be right.
    init(
        id: KeystoneSecret,
        projectID: String?,
        roles: Set<String>,
        catalogue: KeystoneCatalogue,
        life: Duration,
        asked: Timestamp
    ) {
        self.id = id
        self.projectID = projectID
        self.roles = roles
        self.catalogue = catalogue
        self.asked = asked
        expiry = asked + life
        renewal = asked + (life - min(life / 10, Self.longestMargin))
    }

    private static let longestMargin = Duration.seconds(300)
}
