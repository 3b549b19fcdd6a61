package import Martlet
import MartletClient

/// Who reads the configuration anew, as the interface sees it.
package protocol ConfigurationControl: Sendable {
    /// Reads the configuration and puts into force what has changed; one at a time.
    ///
    /// - Throws: a ``Problem``: of code `invalid-configuration` where it cannot be used. Nothing has changed then.
    func reload() async throws -> ReloadReport

    /// Erases what the store has of a forwarder that the configuration names no more.
    ///
    /// - Throws: a ``Problem``: of code `unknown-forwarder`, or `forwarder-in-use` for one that runs.
    func forget(_ forwarder: String) async throws

    var state: ConfigurationState { get }
}

/// An interface by itself: there is nothing to be read anew.
struct FixedConfiguration: ConfigurationControl {
    let state = ConfigurationState()

    func reload() async throws -> ReloadReport { ReloadReport() }

    func forget(_ forwarder: String) async throws {
        throw Problem(.unknownForwarder, "There is no forwarder \"\(forwarder)\".")
    }
}

/// What has come of the configuration.
package struct ConfigurationState: Sendable {
    /// How the last reload ended.
    package struct Reload: Sendable {
        package var time: Timestamp
        /// Why nothing was changed; `nil` where it is in force.
        package var refusal: String?

        package init(time: Timestamp, refusal: String?) {
            self.time = time
            self.refusal = refusal
        }
    }

    /// Where it is read; `nil` for the embedded one.
    package var file: String?
    package var lastReload: Reload?
    /// Reloads that are in force, and that were refused.
    package var applied: Int64 = 0
    package var refused: Int64 = 0

    package init(file: String? = nil) { self.file = file }
}
