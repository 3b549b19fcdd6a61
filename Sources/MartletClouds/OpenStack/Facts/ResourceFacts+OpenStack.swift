package import Martlet
package import MartletJSON

extension ResourceFacts {
    /// Reads a resource as the API of its service answers it.
    package mutating func readOpenStack(_ document: JSONValue, of resource: ResourceReference) {
        name = document["name"]?.identifier ?? document["floating_ip_address"]?.identifier
        state = Self.state(of: document, resource.type)
        // Keystone's notifications name the resource, and not whether it is enabled.
        isStateUntold = document["enabled"]?.boolean != nil
        details = document.bytes
        domainID = document["domain_id"]?.identifier
        ownerID = resource.type == "Account" ? resource.id : Self.owner(of: document, resource.type)
        isOwnerConfirmed = ownerID != nil
        switch resource.type {
        case "VirtualMachine": readServer(document)
        case "Volume": readVolume(document)
        // The others' answers have the members that their notifications have.
        default: OsloRelations.read(document, of: resource, into: &self)
        }
    }

    private static func state(of document: JSONValue, _ type: String) -> String? {
        if let enabled = document["enabled"]?.boolean { return enabled ? "enabled" : "disabled" }
        let status = document["status"]?.identifier
        guard type == "VirtualMachine" else { return status }
        // What the API calls the status is made of this one, which notifications have.
        return document["OS-EXT-STS:vm_state"]?.identifier ?? status?.lowercased()
    }

    private static func owner(of document: JSONValue, _ type: String) -> String? {
        if type == "Template" { return document["owner"]?.identifier }
        return ownerMembers.lazy.compactMap { document[$0]?.identifier }.first
    }

    private static let ownerMembers = [
        "project_id", "tenant_id", "os-vol-tenant-attr:tenant_id", "os-extended-snapshot-attributes:project_id",
        "os-backup-project-attr:project_id",
    ]

    private mutating func readServer(_ document: JSONValue) {
        relate("template", document["image"]?["id"])
        relate("serviceoffering", document["flavor"]?["id"])
        relate("user", document["user_id"])
        relate("host", document["OS-EXT-SRV-ATTR:host"])
        relate("volume", each: "id", of: document["os-extended-volumes:volumes_attached"])
    }

    /// Its `volume_type` is a name, where a notification's is an id.
    private mutating func readVolume(_ document: JSONValue) {
        relate("snapshot", document["snapshot_id"])
        relate("diskoffering", document["volume_type_id"])
        relate("user", document["user_id"])
        relate("virtualmachine", each: "server_id", of: document["attachments"])
    }

    private mutating func relate(_ kind: String, _ id: JSONValue?) {
        if let id = id?.identifier { relate(kind, id) }
    }

    /// A list names all that there are.
    private mutating func relate(_ kind: String, each member: StaticString, of list: JSONValue?) {
        guard let list, list.kind == .array else { return }
        completeKinds.insert(kind)
        for element in list.elements { relate(kind, element[member]) }
    }
}
