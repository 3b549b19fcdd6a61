package import Martlet

/// What an enricher has done since the start, and how it is.
package struct EnricherStatus: Sendable, Hashable {
    /// Its kind: `cloudstack`.
    package var name: String
    package var cloud: String
    /// Questions asked, and of those: answered with a resource, answered that there is none, and not answered.
    package var asked = 0
    package var found = 0
    package var unknown = 0
    package var failed = 0
    /// Questions of its cloud that wait, and those given up or never asked because there were too many.
    package var waiting = 0
    package var dropped = 0
    /// Until when it is left alone because it failed again and again.
    package var pausedUntil: Timestamp?
    package var lastError: String?
    /// What is not as it should be, though it answers.
    package var warning: String?

    package init(name: String, cloud: String) {
        self.name = name
        self.cloud = cloud
    }
}
