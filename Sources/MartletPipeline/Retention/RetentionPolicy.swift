package import Martlet

/// How long and how much the log is kept: whichever bound is met first.
package struct RetentionPolicy: Sendable, Hashable {
    /// How much the store may take up.
    package enum Size: Sendable, Hashable {
        case bytes(Int64)
        /// Of what the disk has for it: what the store takes and what is free.
        case share(Double)
    }

    /// Events and quarantined items older than this go; `nil` where age is no reason.
    package var age: Duration?
    /// The oldest events go while the store takes up more; `nil` where size is no reason.
    package var size: Size?

    package init(age: Duration?, size: Size?) {
        self.age = age
        self.size = size
    }

    /// 30 days or 80% of the disk.
    package static let standard = RetentionPolicy(age: .seconds(30 * 86_400), size: .share(0.8))
    /// Nothing is ever removed.
    package static let forever = RetentionPolicy(age: nil, size: nil)

    /// The bytes that the store may take up; `nil` for any number.
    package func bound(of space: StoreSpace) -> Int64? {
        switch size {
        case .bytes(let bytes): bytes
        case .share(let share): Int64(share * Double(space.onDisk + space.free))
        case nil: nil
        }
    }

    /// How far the log has to be shortened to come within its size, guessed by the average of what is there; zero where it is
    /// within. The next look at it corrects the guess.
    ///
    /// What waits for somebody's decision counts for the size, but leaves half of it to the log: shortening it frees nothing
    /// of the other.
    ///
    /// - Parameters:
    ///   - kept: the bytes of dead letters and of the quarantine.
    ///   - step: events at the most, so that a guess that is wrong costs little.
    package func target(of space: StoreSpace, _ extent: LogExtent, kept: Int64 = 0, step: Int64) -> Position {
        guard let bound = bound(of: space), space.used > bound else { return .zero }
        let (used, share) = (max(0, space.used - kept), max(bound - kept, bound / 2))
        guard used > share else { return .zero }
        let count = max(1, extent.head.rawValue - extent.removedThrough.rawValue)
        let average = max(1, used / count)
        let excess = (used - share + average - 1) / average
        return extent.removedThrough.advanced(by: min(max(excess, 1), step))
    }

    /// Whether what waits for somebody's decision is why the store takes up more than it may.
    func isCrowded(_ space: StoreSpace, kept: Int64) -> Bool {
        bound(of: space).map { space.used > $0 && kept > $0 / 2 } ?? false
    }
}
