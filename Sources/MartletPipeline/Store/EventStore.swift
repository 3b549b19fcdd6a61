package import Martlet

/// The durable log, the resource index and the delivery state behind one protocol.
///
/// Promises kept here: nothing acknowledged is lost (1: `commit` returns after fsync), index and log agree (2: one
/// transaction), positions have no holes for a reader (3), a redelivered event is stored once (4), the five numbers add up
/// in one snapshot (5), retries outlive the process (8).
///
/// `commit` is called by one writer at a time. The reading functions may be called at any time, concurrently, and never
/// hold up the writer.
package protocol EventStore: EventLog, ResourceIndex, DeliveryStore, QuarantineStore, RetentionStore, ReplayStore {
    /// What tells this store's ids from another's: eight letters and digits, the same for its life.
    var instanceID: String { get }

    /// Commits a group of batches, and what the forwarders have achieved, in one transaction.
    ///
    /// Events are indexed in the order given; a duplicate (same identity, same content) is not stored again. Returns when
    /// everything is on disk.
    ///
    /// - Returns: what became of each batch, in the order given.
    /// - Throws: ``StoreError``; nothing of the group is stored then, and it may be committed again.
    func commit(_ group: CommitGroup) async throws -> CommitResult

    /// What readers have found damaged, and left out.
    var damage: StoreDamage { get }

    /// The size on disk, write-ahead log included, in bytes.
    func sizeInBytes() async throws -> Int64

    /// The stored setting of this name: a token's hash, for instance.
    func setting(_ name: String) async throws -> String?

    /// Stores a setting durably.
    func setSetting(_ name: String, to value: String) async throws
}

/// Reading the log.
package protocol EventLog: Sendable {
    /// The last position committed; zero in an empty log.
    func head() async throws -> Position

    /// Reads on in log order.
    ///
    /// - Parameters:
    ///   - position: the last position that the reader has seen.
    ///   - limit: how many events at the most.
    ///   - maximumBytes: how many bytes of payload at the most, but always one event.
    func page(after position: Position, limit: Int, maximumBytes: Int) async throws -> [StoredEvent]

    /// The events at these positions, ascending; positions that are no longer there are left out.
    func events(at positions: [Position]) async throws -> [StoredEvent]

    /// The position before the first event recorded at or after this moment: where to read on from.
    func position(before time: Timestamp) async throws -> Position

    /// The last place up to which this source's transport has been read, as its last commit stored it.
    func checkpoint(source: String, key: String) async throws -> String?
}

/// Reading the index of resources.
package protocol ResourceIndex: Sendable {
    /// The resource of this type and id in a cloud, or in each cloud that has one where none is named.
    func resources(type: String, id: String, cloud: String?) async throws -> [ResourceRecord]

    /// The resources with these keys, in any order; unknown keys are left out.
    func resources(withKeys keys: [ResourceKey]) async throws -> [ResourceKey: ResourceRecord]

    /// Looks through the index for the resources of a cloud that are not deleted.
    ///
    /// - Parameters:
    ///   - key: where the last look ended; `nil` to begin.
    ///   - limit: how many resources are looked at, of whatever cloud.
    /// - Returns: where to go on, `nil` at the end of the index, and those found.
    func indexEntries(
        of cloud: String,
        after key: ResourceKey?,
        limit: Int
    ) async throws -> (next: ResourceKey?, entries: [IndexEntry])

    /// The events of a resource, newest first, from before a position on.
    ///
    /// - Parameter maximumBytes: how many bytes of payload at the most, but always one event: an empty answer is the end.
    func timeline(
        of key: ResourceKey,
        before position: Position?,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [StoredEvent]

    /// Looks, of each of these resources, for the last event up to a position that a filter accepts.
    ///
    /// Goes through so many events at the most; what is returned is handed in again for as long as one is not over.
    func latestEvents(
        _ searches: [LatestEventSearch],
        through: Position,
        acceptedBy filter: EventFilter,
        limit: Int
    ) async throws -> [LatestEventSearch]

    /// Full-text search over names, ids, addresses and descriptions.
    ///
    /// - Returns: the resources, best first, and the position up to which the text has been indexed; it trails.
    func searchResources(
        _ text: String,
        type: String?,
        cloud: String?,
        state: String?,
        limit: Int
    ) async throws -> (resources: [ResourceRecord], indexedThrough: Position)

    /// The resources whose text has the words of a search, in a stretch of the index, by their keys: for those who may see a part
    /// of the text only, and to whom neither a rank nor a number of hits may tell of the rest.
    ///
    /// - Parameters:
    ///   - key: the stretch begins behind it; `nil` for the beginning.
    ///   - span: how many resources the stretch has, whatever they hold.
    func resourceCandidates(
        _ text: String,
        type: String?,
        cloud: String?,
        after key: ResourceKey?,
        span: Int
    ) async throws -> ResourceCandidates
}

/// What forwarders have achieved.
package protocol DeliveryStore: Sendable {
    /// The record of a forwarder, made on first use with `start` as its start position.
    ///
    /// A name that was retired resumes where it was.
    func openForwarder(name: String, start: Position) async throws -> ForwarderRecord

    /// Whether a forwarder of this name has been made, and is not forgotten.
    func forwarderExists(name: String) async throws -> Bool

    /// Erases a forwarder with all that it has parked and given up on; nobody may have it open.
    ///
    /// - Returns: whether there was one.
    func forgetForwarder(name: String) async throws -> Bool

    /// The five numbers of every forwarder, read in one snapshot together with the head of the log (promise 5).
    func forwarderStatuses() async throws -> [ForwarderStatus]

    /// The events that a forwarder is to deliver, ascending: from the log, and of redelivered ones their own copies. Positions
    /// that are neither here nor there are left out.
    func events(at positions: [Position], for forwarder: ForwarderID) async throws -> [StoredEvent]

    /// The dead letters of a forwarder in the order of their ids, from after an id on; of all forwarders where none is named.
    ///
    /// - Parameter maximumBytes: how many bytes of payload at the most, but always one letter: an empty answer is the end.
    func deadLetters(
        forwarder: String?,
        after id: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [DeadLetter]

    /// One dead letter with its own copy of the event.
    func deadLetter(id: Int64) async throws -> DeadLetter?

    /// The id of a forwarder's newest dead letter; `nil` where it has none.
    func lastDeadLetter(of forwarder: ForwarderID) async throws -> Int64?

    /// The dead letters of a forwarder within a range of ids, in the order of their ids, without their events; damaged ones,
    /// which nobody could deliver, are left out.
    ///
    /// An empty answer is the end: one with large events may be short of `limit`.
    func deadLetterReferences(
        of forwarder: ForwarderID,
        within ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [DeadLetterReference]
}

/// Bytes that no format could read.
package protocol QuarantineStore: Sendable {
    /// The quarantined items in the order of their ids, from after an id on.
    ///
    /// - Parameter maximumBytes: how many bytes they may have at the most, but always one item: an empty answer is the end.
    func quarantined(
        source: String?,
        after id: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [QuarantinedItem]

    /// How many there are of each source.
    func quarantineCounts() async throws -> [String: Int]
}
