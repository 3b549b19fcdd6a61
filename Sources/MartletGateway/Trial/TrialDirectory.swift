import Foundation

/// A directory that nobody else can read, for as long as a trial lasts.
struct TrialDirectory: Sendable {
    let path: String

    /// - Parameter parent: where to make it.
    init(in parent: String) throws(GatewayError) {
        var template = Array((parent + "/martlet-try-XXXXXX").utf8CString)
        // Mode 0700, and a name that nobody can have guessed.
        guard let made = mkdtemp(&template) else {
            throw GatewayError(
                "No temporary directory can be made in \(parent): \(String(cString: strerror(errno))). Name another place with "
                    + "the environment variable TMPDIR."
            )
        }
        path = String(cString: made)
    }

    func remove() {
        // What cannot be removed lies where the system cleans up.
        try? FileManager.default.removeItem(atPath: path)
    }
}
