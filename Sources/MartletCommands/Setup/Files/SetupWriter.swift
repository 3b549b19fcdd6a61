import Foundation

/// Writes the files of a plan under a directory that mirrors the paths at which they are to lie.
struct SetupWriter {
    /// Without a slash at the end.
    let directory: String
    /// Whether files that exist may be replaced.
    let isForced: Bool

    /// Where a file is written.
    func path(of file: SetupFile) -> String { directory + file.target }

    /// Writes all files, or none where one of them exists with something else in it.
    ///
    /// - Throws: ``CommandFailure`` with the path and what to do.
    func write(_ files: [SetupFile]) throws {
        let existing = files.filter { file in
            FileManager.default.fileExists(atPath: path(of: file))
                && FileManager.default.contents(atPath: path(of: file)) != Data(file.content.utf8)
        }
        guard isForced || existing.isEmpty else {
            let list = existing.map { "  \(path(of: $0))" }.joined(separator: "\n")
            throw CommandFailure(
                """
                Nothing was written, because these exist already and are different:
                \(list)
                Choose another directory with --output, or replace them with --force.
                """
            )
        }
        for file in files { try write(file) }
    }

    /// Under another name first, so that there is never half a file, nor one whose secret everybody may read.
    private func write(_ file: SetupFile) throws {
        let path = path(of: file)
        let folder = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("The directory \(folder) cannot be made: \(error.localizedDescription)")
        }
        let draft = "\(path).\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(file.localMode))
        guard descriptor >= 0 else { throw failure(path) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(file.content.utf8))
            try handle.close()
        } catch {
            unlink(draft)
            throw CommandFailure("The file \(path) cannot be written: \(error.localizedDescription)")
        }
        guard rename(draft, path) == 0 else {
            let failure = failure(path)
            unlink(draft)
            throw failure
        }
    }

    private func failure(_ path: String) -> CommandFailure {
        CommandFailure("The file \(path) cannot be written: \(String(cString: strerror(errno))).")
    }
}
