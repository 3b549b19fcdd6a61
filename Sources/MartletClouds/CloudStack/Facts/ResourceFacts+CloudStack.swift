package import Martlet
package import MartletJSON

extension ResourceFacts {
    /// Reads a resource as CloudStack's API answers it: in a job's result, and to a list command.
    package mutating func readCloudStack(_ document: JSONValue, of resource: ResourceReference) {
        name = document["name"]?.string
        // A `displaytext`, which templates, networks, offerings and projects have, describes and does not name.
        displayName = document["displayname"]?.string
        state = document["state"]?.string
        domainID = document["domainid"]?.identifier
        details = document.bytes
        if let owner = document["projectid"]?.identifier ?? document["accountid"]?.identifier {
            ownerID = owner
            isOwnerConfirmed = true
        }
        let ownKind = resource.type.lowercased()
        ResponseRelations.visit(document) { kind, id in
            // A resource is not related to itself.
            if id != resource.id || kind != ownKind { relate(kind, id) }
        }
    }
}
