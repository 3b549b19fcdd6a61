import Foundation
import MartletTesting
import Testing

/// A disk that fails as it is told, below one server: a stand-in, preloaded between the program and the kernel
/// (Tests/Tools/disk-faults). What a real disk does beyond that, as lying about an order of writes, it does not show.
struct FaultyDisk: Sendable {
    private static let library = Server.testTools.appending(path: "lib/disk-faults.so")
    static let isThere = FileManager.default.fileExists(atPath: library.path)

    private let control: URL
    /// A part of the path of the files that it concerns.
    private let match: String

    init(in directory: URL, match: String = "/martlet.sqlite") {
        control = directory.appending(path: "disk-faults")
        self.match = match
    }

    /// What makes a server work on this disk.
    var environment: [String: String] {
        [
            "LD_PRELOAD": FaultyDisk.library.path, "DISK_FAULTS_MATCH": match,
            "DISK_FAULTS_CONTROL": control.path,
        ]
    }

    /// Fails from now on as the library's head describes.
    func fail(_ orders: String...) throws { try fail(orders) }

    func fail(_ orders: [String]) throws {
        try Data((orders.joined(separator: "\n") + "\n").utf8).write(to: control, options: .atomic)
    }

    /// Is in order again.
    func mend() throws { try FileManager.default.removeItem(at: control) }
}
