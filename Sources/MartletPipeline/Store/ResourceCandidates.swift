package import Martlet

/// Resources that may be what somebody looks for, in a stretch of the index: all of those whose whole text has the words.
package struct ResourceCandidates: Sendable {
    /// In the order of their keys.
    package var records: [ResourceRecord]
    /// How far the index has been looked through: where to go on; `nil` at its end. It depends on the keys alone, and on no text.
    package var next: ResourceKey?
    /// The position up to which the text has been indexed.
    package var indexedThrough: Position

    package init(records: [ResourceRecord], next: ResourceKey?, indexedThrough: Position) {
        self.records = records
        self.next = next
        self.indexedThrough = indexedThrough
    }
}
