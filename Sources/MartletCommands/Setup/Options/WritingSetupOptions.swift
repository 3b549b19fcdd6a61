import ArgumentParser
import Foundation

/// What is written, and where.
struct WritingSetupOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The version of CloudStack, as 4.20 or 4.19.1.", valueName: "version"))
    var cloudstackVersion: String?

    @Option(help: ArgumentHelp("The directory to write to.", valueName: "dir"), completion: .directory)
    var output = "./martlet-setup"

    @Flag(help: "Replace files that exist and are different.")
    var force = false

    func validate() throws {
        guard let text = cloudstackVersion else { return }
        guard CloudStackVersion(text) != nil else {
            throw ValidationError(
                "--cloudstack-version \(text): write it as 4.20 or 4.19.1; the oldest that is known is \(CloudStackVersion.oldest)."
            )
        }
    }

    var version: CloudStackVersion {
        get throws {
            guard let text = cloudstackVersion, let version = CloudStackVersion(text) else {
                throw CommandFailure("Say which CloudStack it is for: --cloudstack-version 4.20.", status: .usage)
            }
            return version
        }
    }

    /// Without a slash at the end.
    var directory: String {
        var directory = output
        while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
        return directory
    }
}
