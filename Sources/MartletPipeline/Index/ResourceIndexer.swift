package import Martlet
package import MartletClouds
package import MartletJSON

/// What an event did to its resource.
package struct IndexEffect: Sendable, Hashable {
    /// The event is older than what the index knew, and changed nothing.
    package var isStale = false
    /// The transition is none that the state machine knows, from what the index knew.
    package var isImpossibleTransition = false
    /// What changed, a JSON object of `{"field": {"from": …, "to": …}}`; `nil` where nothing did.
    package var changes: Bytes?

    package init() {}
}

/// The rules by which events shape the index (DESIGN §4): pure, called in log order within the commit.
///
/// From one publisher, log order decides; between publishers the origin's time does, where it differs by more than its
/// resolution and the clock skew; so it does between those that came in their order and those that did not. Only a confirmed
/// state changes state. A stale event changes nothing. A deletion leaves a tombstone; only a later creation or recovery revives.
package struct ResourceIndexer: Sendable {
    /// How far the clocks of two publishers may differ.
    private let clockSkew: Duration
    /// How long a deleted resource stays as a tombstone, in which late events do not revive it.
    package static let tombstoneLifetime = Duration.seconds(7 * 86_400)

    package init(clockSkew: Duration = .seconds(5)) { self.clockSkew = clockSkew }

    /// Applies an event to the record of its resource.
    ///
    /// - Parameters:
    ///   - event: an event with a resource, with the position it is committed at.
    ///   - facts: what the event tells; `nil` where its format tells nothing but the attributes.
    ///   - recorded: the moment of the commit.
    ///   - record: the resource as the index knows it; `latest` and `position` are kept up to date.
    package func apply(
        _ event: Event,
        facts: ResourceFacts?,
        at recorded: Timestamp,
        to record: inout ResourceRecord
    ) -> IndexEffect {
        var effect = IndexEffect()
        let position = event.position ?? .zero
        record.latest = position
        let facts = facts ?? ResourceFacts(attributesOf: event)
        // What a sync found was so when the origin was asked, and nothing has come since.
        if !event.isSync, isStale(event, isOutOfOrder: facts.isOutOfOrder, record) {
            effect.isStale = true
            return effect
        }
        effect.isImpossibleTransition = contradicts(event, record)
        guard revives(facts, record) else { return effect }

        var changes = ChangeWriter()
        shape(&record, by: facts, at: event.time ?? recorded, &changes)
        effect.changes = changes.finish()
        if effect.changes != nil || record.position == .zero { record.position = position }
        if event.isSync, !facts.isDeletion { record.enriched = recorded }
        // A time in the future would make everything that follows stale.
        if let time = event.time.map({ min($0, recorded + clockSkew) }),
            time > record.updated ?? Timestamp(nanoseconds: .min)
        {
            record.updated = time
        }
        // A record that nothing changes stays shared with its copies.
        if record.publisher != event.source { record.publisher = event.source }
        if record.isOutOfOrder != facts.isOutOfOrder { record.isOutOfOrder = facts.isOutOfOrder }
        return effect
    }

    private func isStale(_ event: Event, isOutOfOrder: Bool, _ record: ResourceRecord) -> Bool {
        let isOnePublisher = record.publisher == event.source
        if isOnePublisher, !isOutOfOrder, !record.isOutOfOrder { return false }
        guard record.position != .zero, let time = event.time, let updated = record.updated else { return false }
        // Of two that came from one publisher by two ways its one clock tells which is the older.
        let isByTwoWays = isOnePublisher && isOutOfOrder != record.isOutOfOrder
        return updated - time > (isByTwoWays ? .zero : clockSkew)
    }

    /// Whether an event may shape a record at all: a tombstone is revived by a creation or a recovery only.
    private func revives(_ facts: ResourceFacts, _ record: ResourceRecord) -> Bool {
        guard record.deleted != nil else { return true }
        return facts.isCreation || facts.isRecovery
    }

    /// Whether the index knew a state from which the machine has no way to where the event says the resource now is.
    private func contradicts(_ event: Event, _ record: ResourceRecord) -> Bool {
        // What comes late for a deleted resource, as the end of its clean-up, changes nothing and says nothing of a gap.
        guard record.deleted == nil, let old = event.fields.oldState, let new = event.fields.newState,
            let known = record.state,
            let machine = StateMachine.cloudStack(for: record.type)
        else { return false }
        // A repetition of what is known, the message before the transition included, is none.
        if known == new || known == old { return false }
        return !machine.isPossible(from: known, to: new)
    }

    /// Has facts shape a record, whatever they change.
    func shape(_ record: inout ResourceRecord, by facts: ResourceFacts, at time: Timestamp) {
        var changes = ChangeWriter()
        shape(&record, by: facts, at: time, &changes)
    }

    private func shape(
        _ record: inout ResourceRecord,
        by facts: ResourceFacts,
        at time: Timestamp,
        _ changes: inout ChangeWriter
    ) {
        if let name = facts.displayName ?? facts.name, name != record.name {
            changes.add("name", from: record.name, to: name)
            record.name = name
        }
        if let state = facts.state, state != record.state {
            changes.add("state", from: record.state, to: state)
            record.state = state
        }
        if let owner = facts.ownerID, facts.isOwnerConfirmed || !record.isOwnerConfirmed {
            // Who merely acted is taken for the owner only as long as nobody better is known.
            if owner != record.tenantID, facts.isOwnerConfirmed || record.tenantID == nil {
                changes.add("tenantid", from: record.tenantID, to: owner)
                record.tenantID = owner
            }
            if facts.isOwnerConfirmed, !record.isOwnerConfirmed, record.tenantID == owner {
                record.isOwnerConfirmed = true
            }
        }
        if let domain = facts.domainID, domain != record.domainID {
            changes.add("domainid", from: record.domainID, to: domain)
            record.domainID = domain
        }
        shapeRelations(&record, by: facts, &changes)
        if let details = facts.details, let merged = JSONMerge.storable(details, over: record.details),
            record.details.map({ !$0.equals(merged[...]) }) ?? true
        {
            changes.mark("details")
            record.details = merged[...]
        }
        if facts.isDeletion {
            if record.deleted == nil { changes.add("deleted", from: nil, to: time.description) }
            record.deleted = time
        } else if facts.isCreation || facts.isRecovery, let deleted = record.deleted {
            changes.add("deleted", from: deleted.description, to: nil)
            record.deleted = nil
        }
    }

    /// Kinds of which a resource has one at a time are replaced, others are added to, unless the event names them all.
    private func shapeRelations(
        _ record: inout ResourceRecord,
        by facts: ResourceFacts,
        _ changes: inout ChangeWriter
    ) {
        var kinds = Array(facts.completeKinds)
        for relation in facts.relations where !kinds.contains(relation.kind) { kinds.append(relation.kind) }
        for relation in facts.endedRelations where !kinds.contains(relation.kind) { kinds.append(relation.kind) }
        for kind in kinds {
            let known = record.relations[kind] ?? []
            let named = facts.relations.filter { $0.kind == kind }
            let isReplaced =
                facts.completeKinds.contains(kind)
                || !named.isEmpty && !ResourceIndexer.isPlural(kind, of: record.type)
            var ids = isReplaced ? [] : known
            for relation in facts.endedRelations where relation.kind == kind { ids.removeAll { $0 == relation.id } }
            for relation in named where !ids.contains(relation.id) { ids.append(relation.id) }
            if ids.count > ResourceIndexer.maximumRelations { ids = ids.suffix(ResourceIndexer.maximumRelations) }
            guard ids != known else { continue }
            changes.add("relations.\(kind)", from: known.last, to: ids.last)
            record.relations[kind] = ids.isEmpty ? nil : ids
        }
    }

    /// Whether a resource may have several of a kind, of which an event may name those alone that it is about.
    private static func isPlural(_ kind: String, of type: String) -> Bool {
        // A volume or a port has one machine, a group any number.
        pluralKinds.contains(kind) || kind == "virtualmachine" && type == "AffinityGroup"
    }

    private static let pluralKinds: Set<String> = [
        "network", "volume", "ipaddress", "nic", "snapshot", "securitygroup", "sharedfs",
    ]
    /// Ids kept of one kind: a document stays small, whatever a producer sends.
    static let maximumRelations = 64
}

/// Collects what changed, as JSON; makes nothing where nothing does.
private struct ChangeWriter {
    private var writer: JSONWriter?

    mutating func add(_ field: String, from old: String?, to new: String?) {
        var writer = begun()
        writer.key(field)
        writer.beginObject()
        writer.member("from", old)
        writer.member("to", new)
        writer.endObject()
        self.writer = writer
    }

    mutating func mark(_ field: String) {
        var writer = begun()
        writer.key(field)
        writer.boolean(true)
        self.writer = writer
    }

    private mutating func begun() -> JSONWriter {
        if let writer {
            self.writer = nil  // gives the buffer up, so that appending does not copy it
            return writer
        }
        var writer = JSONWriter(reservingCapacity: 128)
        writer.beginObject()
        return writer
    }

    mutating func finish() -> Bytes? {
        writer?.endObject()
        return writer.map { $0.bytes[...] }
    }
}
