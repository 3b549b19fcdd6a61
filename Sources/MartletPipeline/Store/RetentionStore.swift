package import Martlet

/// Removing what is old (promise 11): who calls says what may go, the store sees to it that nothing goes that a forwarder
/// still needs.
///
/// Each call that removes is one short transaction, so that commits wait for one of them at the most; the caller repeats it
/// for as long as there is more.
package protocol RetentionStore: Sendable {
    /// From where to where the log goes, read in one snapshot.
    func logExtent() async throws -> LogExtent

    /// What the store takes up, and what the disk has left.
    func space() async throws -> StoreSpace

    /// The bytes of dead letters, also of those that are delivered again or are a replay's, and of the quarantine: removing events
    /// frees nothing of them. A look at each of them.
    func keptBytes() async throws -> Int64

    /// Removes the oldest events up to a position, as far as each of these forwarders has concluded them.
    ///
    /// The low-water mark is read in the same transaction: the oldest event that one of them has not passed, or has parked.
    /// What is redelivered carries its own copy, and holds nothing. The last event of the log stays, because the next position
    /// is found by it.
    ///
    /// - Parameters:
    ///   - position: the last one that may go.
    ///   - forwarders: those that are configured now; one that is retired holds nothing.
    ///   - limit: how many at the most.
    func removeEvents(through position: Position, heldBy forwarders: Set<ForwarderID>, limit: Int) async throws
        -> Removal

    /// Removes the oldest items of the quarantine received before a moment.
    ///
    /// - Returns: how many have gone; fewer than `limit` where there are no more.
    func removeQuarantined(before time: Timestamp, limit: Int) async throws -> Int

    /// Looks through the index for resources that were deleted before a moment, and removes those.
    ///
    /// - Parameter key: where the last look ended; `nil` to begin.
    /// - Returns: where to go on, `nil` at the end of the index, and how many have gone.
    func removeTombstones(
        deletedBefore time: Timestamp,
        after key: ResourceKey?,
        limit: Int
    ) async throws -> (next: ResourceKey?, removed: Int)
}

/// From where to where the log goes.
package struct LogExtent: Sendable, Hashable {
    /// The oldest event that is there; the next position to be given where none is.
    package var first: Position
    /// The newest event; zero in an empty log.
    package var head: Position
    /// When the oldest event was recorded.
    package var oldest: Timestamp?

    package init(first: Position, head: Position, oldest: Timestamp?) {
        self.first = first
        self.head = head
        self.oldest = oldest
    }

    /// Everything up to here has been removed.
    package var removedThrough: Position { first.advanced(by: -1) }
}

/// What a store takes up, in bytes.
package struct StoreSpace: Sendable, Hashable {
    /// What is in use: freed pages are used again, though the file does not shrink.
    package var used: Int64
    /// What its files take on disk.
    package var onDisk: Int64
    /// What the disk has left for it.
    package var free: Int64

    package init(used: Int64, onDisk: Int64, free: Int64) {
        self.used = used
        self.onDisk = onDisk
        self.free = free
    }
}

/// What one transaction has removed.
package struct Removal: Sendable, Hashable {
    /// The oldest event that somebody still needs, and who.
    package struct Hold: Sendable, Hashable {
        package enum Owner: Sendable, Hashable {
            case forwarder(ForwarderID)
            /// One that runs; a paused one holds nothing.
            case replay(ReplayID)
        }

        package var owner: Owner
        package var position: Position

        package init(_ owner: Owner, position: Position) {
            self.owner = owner
            self.position = position
        }

        package init(forwarder: ForwarderID, position: Position) {
            self.init(.forwarder(forwarder), position: position)
        }
    }

    /// Everything up to here is gone.
    package var removedThrough: Position
    /// Events that went with this transaction.
    package var count: Int
    /// Who keeps the rest of what was asked for; `nil` where nobody does.
    package var hold: Hold?

    package init(removedThrough: Position, count: Int, hold: Hold?) {
        self.removedThrough = removedThrough
        self.count = count
        self.hold = hold
    }
}
