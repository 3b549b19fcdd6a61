package import Martlet
package import MartletJSON

/// What the index knows of a resource.
package struct ResourceRecord: Sendable, Hashable {
    package var key: ResourceKey
    package var cloud: String
    package var type: String
    package var id: String
    package var name: String?
    package var state: String?
    package var tenantID: String?
    /// The origin named the owner, not merely who acted on the resource.
    package var isOwnerConfirmed = false
    package var domainID: String?
    /// Other resources by kind (`host`, `zone`, `network`, …), each kind's ids in the order they became known.
    package var relations: [String: [String]] = [:]
    /// What the origin's own document of the resource said last, a JSON object.
    package var details: Bytes?
    /// The origin's time of the last event that shaped the record, and who published it.
    package var updated: Timestamp?
    package var publisher: String
    /// The last event that shaped the record.
    package var position: Position
    /// The last event of the resource, whether it shaped the record or not: the head of its time line.
    package var latest: Position
    /// When the resource was deleted: a tombstone.
    package var deleted: Timestamp?
    /// When the cloud's API was last asked for the resource, and answered.
    package var enriched: Timestamp?

    package init(key: ResourceKey, cloud: String, type: String, id: String, publisher: String) {
        self.key = key
        self.cloud = cloud
        self.type = type
        self.id = id
        self.publisher = publisher
        position = .zero
        latest = .zero
    }
}
