/// What kept the store from doing its work.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; new ones may come.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// No space left; the same commit succeeds when there is space again.
        package static let full = Code(rawValue: "store.full")
        /// The disk failed to read or write.
        package static let inputOutput = Code(rawValue: "store.io")
        /// The file's structure is wrong, or a row that others are read by.
        package static let damaged = Code(rawValue: "store.damaged")
        /// A single event is not as it was written.
        package static let damagedEvent = Code(rawValue: "store.damaged-event")
        /// The file was written by a newer version of Martlet; it is left untouched.
        package static let newerVersion = Code(rawValue: "store.newer-version")
        /// Another process has the store open for writing.
        package static let locked = Code(rawValue: "store.locked")
        /// The store may not lie where it does: two could write to it at once.
        package static let unsafePlace = Code(rawValue: "store.unsafe-place")
        /// There is no store, or no backup, where one was looked for.
        package static let absent = Code(rawValue: "store.absent")
        /// Anything else; the reason tells.
        package static let failed = Code(rawValue: "store.failed")
    }

    package var code: Code
    /// A sentence for the operator, with the remedy where there is one.
    package var reason: String
    package var underlying: (any Error)?

    package init(_ code: Code, _ reason: String, underlying: (any Error)? = nil) {
        self.code = code
        self.reason = reason
        self.underlying = underlying
    }

    package var description: String {
        underlying.map { "\(code.rawValue): \(reason) (\($0))" } ?? "\(code.rawValue): \(reason)"
    }
}
