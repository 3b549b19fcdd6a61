package import Martlet
package import MartletJSON

/// What the index knows of a resource.
package struct ResourceAnswer: Sendable {
    package let json: JSONValue
    package let type: String
    package let id: String
    package let cloud: String
    package let state: String?
    package let tenantID: String?
    package let updated: Timestamp?
    package let position: Position?

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        type = try json.text("type")
        id = try json.text("id")
        cloud = try json.text("cloud")
        state = json["state"]?.string
        tenantID = json["tenantid"]?.string
        updated = json["updated"]?.string.flatMap { Timestamp($0) }
        position = json["position"]?.string.flatMap { Position($0) }
    }

    /// Everything about it but what identifies it.
    package var document: JSONValue? { json["document"] }

    package var name: String? { (document ?? json)["name"]?.string }

    package var deleted: Timestamp? { document?["deleted"]?.string.flatMap { Timestamp($0) } }

    /// Other resources by kind, in the order of the document.
    package var relations: [(kind: String, ids: [String])] {
        guard let relations = document?["relations"] else { return [] }
        return relations.members.map { (kind: $0.key, ids: $0.value.elements.compactMap(\.string)) }
    }
}
