package import Martlet

/// Resources that may be what somebody looks for, in a stretch of the index: all of those whose whole text has the words.
package struct ResourceCandidates: Sendable {
    /// In the order of their keys.
    package var records: [ResourceRecord]
    /// How far the index has been looked through: where to go on. It depends on the keys alone, and on no text.
    package var through: ResourceKey
    /// Whether nothing comes behind it.
    package var isAtEnd: Bool
    /// The position up to which the text has been indexed.
    package var indexedThrough: Position

    package init(records: [ResourceRecord], through: ResourceKey, isAtEnd: Bool, indexedThrough: Position) {
        self.records = records
        self.through = through
        self.isAtEnd = isAtEnd
        self.indexedThrough = indexedThrough
    }
}
