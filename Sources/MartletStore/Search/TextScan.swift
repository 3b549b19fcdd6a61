import Martlet

/// How far the index of resources has been gone through to make the text index, where the log no longer tells all: what was
/// removed from it had led to resources that are still there.
struct TextScan: Sendable {
    /// The last key that has been looked at.
    var key: Int64 = 0
    /// The head of the log when the scan began: the index is complete up to here at its end.
    let through: Position
}
