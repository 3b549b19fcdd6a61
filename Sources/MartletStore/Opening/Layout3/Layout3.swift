import GRDB

/// What the third layout adds, each part in a file of its own.
enum Layout3 {
    static let parts: [@Sendable (Database) throws -> Void] = [
        makeEventCopies, makeGenerations, makeReplays, addChecksums, addFragmentCopies, makeLostPositions,
    ]
}
