package import Foundation

/// Directories for servers and their files.
package enum ScratchDirectory {
    /// A new directory for this process, below the system's for temporary files.
    package static func make() throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory
    }
}
