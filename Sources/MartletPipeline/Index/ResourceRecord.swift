package import Martlet
package import MartletJSON

/// What the index knows of a resource.
///
/// Records are copied and compared for every event. All but the head of the time line is in a box that copies share until one
/// of them is changed: a copy costs one reference, and comparing two that share nothing at all.
package struct ResourceRecord: Sendable {
    /// The last event of the resource, whether it shaped the record or not: the head of its time line.
    package var latest = Position.zero
    private var box: Box

    package init(key: ResourceKey, cloud: String, type: String, id: String, publisher: String) {
        box = Box(Fields(key: key, cloud: cloud, type: type, id: id, publisher: publisher))
    }

    private struct Fields: Sendable, Hashable {
        var key: ResourceKey
        var cloud: String
        var type: String
        var id: String
        var name: String?
        var state: String?
        var tenantID: String?
        var isOwnerConfirmed = false
        var domainID: String?
        var relations: [String: [String]] = [:]
        var details: Bytes?
        var updated: Timestamp?
        var publisher: String
        var isOutOfOrder = false
        var position = Position.zero
        var deleted: Timestamp?
        var enriched: Timestamp?
    }

    // Sendable without a lock, because it is changed only while a single record refers to it, which `change` makes sure of:
    // nobody else can be reading then.
    private final class Box: @unchecked Sendable {
        var fields: Fields
        /// The document that the fields were read from, for as long as they say what it says.
        var document: Bytes?

        init(_ fields: Fields) { self.fields = fields }
    }

    /// Gives the record a box of its own.
    private mutating func change() {
        if !isKnownUniquelyReferenced(&box) { box = Box(box.fields) }
        box.document = nil
    }

    /// The text that the record was read from, unless it has been changed since.
    var readDocument: Bytes? { box.document }

    /// Keeps the text that the record has been read from, which is a part of its memory anyway: the details are a slice of it.
    mutating func keepReadDocument(_ document: Bytes) {
        change()
        box.document = document
    }
}

extension ResourceRecord {
    package var key: ResourceKey { box.fields.key }
    package var cloud: String { box.fields.cloud }
    package var type: String { box.fields.type }
    package var id: String { box.fields.id }

    package var name: String? {
        get { box.fields.name }
        set {
            change()
            box.fields.name = newValue
        }
    }

    package var state: String? {
        get { box.fields.state }
        set {
            change()
            box.fields.state = newValue
        }
    }

    package var tenantID: String? {
        get { box.fields.tenantID }
        set {
            change()
            box.fields.tenantID = newValue
        }
    }

    /// The origin named the owner, not merely who acted on it.
    package var isOwnerConfirmed: Bool {
        get { box.fields.isOwnerConfirmed }
        set {
            change()
            box.fields.isOwnerConfirmed = newValue
        }
    }

    package var domainID: String? {
        get { box.fields.domainID }
        set {
            change()
            box.fields.domainID = newValue
        }
    }

    /// Other resources by kind (`host`, `zone`, `network`, …), each kind's ids in the order they became known.
    package var relations: [String: [String]] {
        get { box.fields.relations }
        _modify {
            change()
            yield &box.fields.relations
        }
    }

    /// What the origin's own document of the resource said last, a JSON object.
    package var details: Bytes? {
        get { box.fields.details }
        set {
            change()
            box.fields.details = newValue
        }
    }

    /// The origin's time of the last event that shaped the record.
    package var updated: Timestamp? {
        get { box.fields.updated }
        set {
            change()
            box.fields.updated = newValue
        }
    }

    /// Who published the last event that shaped the record.
    package var publisher: String {
        get { box.fields.publisher }
        set {
            change()
            box.fields.publisher = newValue
        }
    }

    /// The last event that shaped the record did not come in its publisher's order.
    package var isOutOfOrder: Bool {
        get { box.fields.isOutOfOrder }
        set {
            change()
            box.fields.isOutOfOrder = newValue
        }
    }

    /// The last event that shaped the record.
    package var position: Position {
        get { box.fields.position }
        set {
            change()
            box.fields.position = newValue
        }
    }

    /// When the resource was deleted: a tombstone.
    package var deleted: Timestamp? {
        get { box.fields.deleted }
        set {
            change()
            box.fields.deleted = newValue
        }
    }

    /// When the cloud's API was last asked for the resource, and answered.
    package var enriched: Timestamp? {
        get { box.fields.enriched }
        set {
            change()
            box.fields.enriched = newValue
        }
    }
}

extension ResourceRecord: Hashable {
    /// Equal in every field.
    package static func == (left: ResourceRecord, right: ResourceRecord) -> Bool {
        left.latest == right.latest && (left.box === right.box || left.box.fields == right.box.fields)
    }

    /// Hashes every field.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(latest)
        hasher.combine(box.fields)
    }
}
