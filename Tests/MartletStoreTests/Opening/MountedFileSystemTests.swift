import Foundation
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// A network's file system, where locks lie, is refused.
struct MountedFileSystemTests {
    private static let table = """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
        40 27 0:40 / /var/lib/martlet rw,relatime shared:7 master:2 - nfs4 filer:/martlet rw,vers=4.2
        41 27 0:41 / /srv/with\\040blank rw - fuse.sshfs me@host:/ rw
        42 27 0:42 / /srv/twice rw - cifs //filer/share rw
        43 42 0:43 / /srv/twice rw - xfs /dev/vdb rw
        """

    @Test(arguments: [
        ("/var/lib", "ext4"), ("/var/lib/martlet", "nfs4"), ("/var/lib/martlet/data", "nfs4"),
        ("/var/lib/martlet2", "ext4"), ("/srv/with blank/data", "fuse.sshfs"), ("/srv/twice/data", "xfs"),
    ])
    func `the mount that leads to a directory tells its type`(_ path: String, _ type: String) {
        #expect(MountedFileSystem.type(of: path, in: Self.table) == type)
    }

    @Test(arguments: [
        "ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "gfs2", "ocfs2", "fuseblk", "fuse.fuse-overlayfs",
    ])
    func `a file system whose locks hold is taken`(_ type: String) {
        #expect(MountedFileSystem.reason(against: type) == nil)
    }

    @Test(arguments: [
        "nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "lustre", "afs", "virtiofs", "fuse.sshfs", "fuse.glusterfs",
        "fuse.s3fs", "fuse",
    ])
    func `a network's file system is refused, with the remedy, and nothing is written`(_ type: String) async throws {
        try await withTemporaryDirectory { directory in
            var options = StoreOptions.forTests
            options.fileSystemType = { _ in type }
            let error = await #expect(throws: StoreError.self) {
                _ = try await SQLiteEventStore.open(at: directory, options: options)
            }
            #expect(error?.code == .unsafePlace)
            #expect(error?.reason.contains(type) == true)
            #expect(error?.reason.contains("store.path") == true)
            let written = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(written.isEmpty)
        }
    }

    @Test func `the kernel's own table is read`() async throws {
        try await withTemporaryDirectory { directory in
            let type = try #require(MountedFileSystem.type(of: directory))
            #expect(MountedFileSystem.reason(against: type) == nil, "\(type)")
            #expect(MountedFileSystem.type(of: "/proc/self") == "proc")
        }
    }
}
