import Foundation

/// The seeds of a target: files in `corpus/<target>`, small, made by hand, or inputs that broke a property once.
enum Corpus {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "corpus")

    static func seeds(of target: FuzzTarget) throws -> [[UInt8]] {
        try files(of: target).map { Array(try Data(contentsOf: $0)) }
    }

    static func files(of target: FuzzTarget) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: target.name),
            includingPropertiesForKeys: nil
        ).sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
