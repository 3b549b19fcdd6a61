package import Martlet
package import MartletJSON

// The document is what the store keeps and what the API and the enriched body show: everything about the resource but what
// identifies it.

extension ResourceRecord {
    /// The document as JSON text: the one that it was read from, where nothing has changed since.
    package var document: Bytes { readDocument ?? makeDocument()[...] }

    /// The document, written anew.
    package func makeDocument() -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256 + (details?.count ?? 0))
        writer.beginObject()
        writer.member("name", name)
        writer.member("state", state)
        writer.member("tenantid", tenantID)
        if isOwnerConfirmed { writer.member("ownerconfirmed", true) }
        writer.member("domainid", domainID)
        writer.member("updated", updated?.description)
        writer.member("publisher", publisher)
        if isOutOfOrder { writer.member("outoforder", true) }
        writer.member("deleted", deleted?.description)
        writer.member("enriched", enriched?.description)
        if !relations.isEmpty {
            writer.key("relations")
            writer.beginObject()
            for (kind, ids) in relations.sorted(by: { $0.key < $1.key }) {
                writer.key(kind)
                writer.beginArray()
                for id in ids { writer.string(id) }
                writer.endArray()
            }
            writer.endObject()
        }
        if let details {
            writer.key("details")
            writer.raw(details)
        }
        writer.endObject()
        return writer.bytes
    }

    /// The record of a document that ``makeDocument()`` made.
    ///
    /// - Throws: `JSONError` where the text is no JSON.
    package init(
        document: Bytes,
        key: ResourceKey,
        cloud: String,
        type: String,
        id: String,
        position: Position,
        latest: Position
    ) throws {
        let root = try JSONDocument(parsing: document).root
        self.init(key: key, cloud: cloud, type: type, id: id, publisher: root["publisher"]?.string ?? "")
        self.position = position
        self.latest = latest
        name = root["name"]?.string
        state = root["state"]?.string
        tenantID = root["tenantid"]?.string
        isOwnerConfirmed = root["ownerconfirmed"]?.boolean ?? false
        domainID = root["domainid"]?.string
        isOutOfOrder = root["outoforder"]?.boolean ?? false
        updated = root["updated"]?.string.flatMap { Timestamp($0) }
        deleted = root["deleted"]?.string.flatMap { Timestamp($0) }
        enriched = root["enriched"]?.string.flatMap { Timestamp($0) }
        if let relations = root["relations"] {
            for member in relations.members { self.relations[member.key] = member.value.elements.compactMap(\.string) }
        }
        if let details = root["details"] { self.details = details.bytes }
        keepReadDocument(document)
    }
}
