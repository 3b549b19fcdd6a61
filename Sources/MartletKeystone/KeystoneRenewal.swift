import Martlet

/// How the renewal of a token that is still good has failed so far: a value, without a clock.
struct KeystoneRenewal: Sendable {
    /// The pause after the first failure, which doubles with each.
    static let firstPause = Duration.seconds(15)
    static let longestPause = Duration.seconds(120)

    /// Why Keystone has not renewed it, the last time.
    private(set) var error: KeystoneError
    /// When the token ends.
    let expiry: Timestamp
    private(set) var failures = 1

    init(_ error: KeystoneError, expiry: Timestamp) {
        self.error = error
        self.expiry = expiry
    }

    mutating func fail(_ error: KeystoneError) {
        self.error = error
        failures += 1
    }

    /// How long it is not tried again, at the least.
    var pause: Duration { min(Self.firstPause * (1 << min(failures - 1, 10)), Self.longestPause) }

    /// What is wrong and what would help.
    func warning(at now: Timestamp) -> String {
        let rest = (expiry - now).components.seconds
        let end = rest > 0 ? "is good for \(rest) s more" : "has ended"
        return "Keystone has not renewed the token, which \(end); it is tried again. \(error.message)"
    }
}
