import Foundation
import MartletPipeline

/// The kind of file system that a directory lies on, as the kernel names it.
enum MountedFileSystem {
    /// Those on which a lock, or what SQLite maps into memory, means something else on another machine, or nothing at all.
    ///
    /// Cluster file systems on shared block devices (`gfs2`, `ocfs2`) are not among them: their locks hold between machines.
    static let refused: [String: String] = [
        "nfs": "locks are lost when the server restarts", "nfs4": "locks are lost when the server restarts",
        "cifs": "locks depend on the server", "smb3": "locks depend on the server",
        "smbfs": "locks depend on the server",
        "9p": "locks are those of the client alone", "afs": "locks are those of the client alone",
        "ceph": "locks of a client that was cut off are taken from it while it writes",
        "lustre": "locks depend on how it was mounted", "gpfs": "locks depend on how it was mounted",
        "beegfs": "locks depend on how it was mounted", "pvfs2": "there are no locks", "orangefs": "there are no locks",
        "coda": "locks are those of the client alone", "ncpfs": "locks depend on the server",
        "davfs": "there are no locks", "vboxsf": "locks are those of the guest alone",
        "virtiofs": "locks are those of the guest alone", "prl_fs": "locks are those of the guest alone",
    ]

    /// File systems in user space that keep their files on this machine. All others (`fuse.sshfs`, `fuse.glusterfs`,
    /// `fuse.s3fs`, …) are taken for a network's.
    static let local: Set = ["fuseblk", "fuse.fuse-overlayfs", "fuse.mergerfs", "fuse.bindfs", "fuse.gocryptfs"]

    /// Why a store may not lie on a file system of this type; `nil` where it may.
    static func reason(against type: String) -> String? {
        if let reason = refused[type] { return reason }
        let isInUserSpace = type == "fuse" || type.hasPrefix("fuse.")
        return isInUserSpace && !local.contains(type) ? "its locks are those of this machine alone" : nil
    }

    /// The type of the file system of a directory; `nil` where the kernel does not tell.
    static func type(of directory: String) -> String? {
        guard let table = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return nil }
        // Resolved by `realpath`, because a link may lead to another file system.
        guard let resolved = realpath(directory, nil) else { return nil }
        defer { free(resolved) }
        return type(of: String(cString: resolved), in: table)
    }

    /// The type of the file system of an absolute path, by the kernel's table of mounts (proc(5)): that of the longest mount
    /// point that leads to it, and of those the one that was mounted last.
    static func type(of path: String, in table: String) -> String? {
        var found: (point: String, type: String)?
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 6, let separator = words[6...].firstIndex(of: "-"), separator + 1 < words.count else {
                continue
            }
            let point = unescaped(words[4])
            let leadsToIt = point == "/" || path == point || path.hasPrefix(point + "/")
            if leadsToIt, point.utf8.count >= found?.point.utf8.count ?? 0 {
                found = (point, String(words[separator + 1]))
            }
        }
        return found?.type
    }

    /// Blanks, tabulators, line feeds and backslashes stand there in octal digits.
    private static func unescaped(_ text: Substring) -> String {
        String(text).replacing("\\040", with: " ").replacing("\\011", with: "\t").replacing("\\012", with: "\n")
            .replacing("\\134", with: "\\")
    }
}

extension StoreFile {
    /// Refuses a directory on a network's file system.
    ///
    /// - Parameter type: tells the type of the file system of a directory.
    /// - Throws: ``StoreError`` `.unsafePlace`.
    func checkPlace(_ type: (String) -> String? = MountedFileSystem.type(of:)) throws(StoreError) {
        guard let type = type(directory), let reason = MountedFileSystem.reason(against: type) else { return }
        throw StoreError(
            .unsafePlace,
            "\(directory) lies on a file system of type \(type), where the store is not safe: \(reason). Put it on a local "
                + "disk, or on a volume that one machine at a time has mounted, by `store.path` or --data."
        )
    }
}
