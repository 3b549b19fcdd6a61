import Martlet
import MartletClouds
import MartletJSON

/// Makes facts of what CloudStack's API says of a resource, whether it was asked for that one or for all of its type.
struct CloudStackFacts: Sendable {
    let owners: CloudStackOwners

    /// - Parameter document: the resource as a list command answers it.
    func facts(of resource: ResourceReference, in document: JSONValue) async throws(CloudStackError) -> ResourceFacts {
        var facts = ResourceFacts()
        facts.readCloudStack(document, of: resource)
        // Answers hold keys of users and passwords of machines.
        let details = Credentials.cut(from: document.bytes) ?? document.bytes
        facts.details = Array(details)[...]
        switch resource.type {
        case "Account", "Project":
            (facts.ownerID, facts.isOwnerConfirmed) = (resource.id, true)
            if let name = document["name"]?.string, let domain = facts.domainID, resource.type == "Account" {
                owners.remember(resource.id, of: CloudStackOwners.Name(account: name, domainID: domain))
            }
        case "User": facts.name = facts.name ?? document["username"]?.string
        case "IpAddress": facts.name = facts.name ?? document["ipaddress"]?.string
        default: break
        }
        if !facts.isOwnerConfirmed, let account = document["account"]?.string, let domain = facts.domainID,
            let id = try await owners.id(of: CloudStackOwners.Name(account: account, domainID: domain))
        {
            (facts.ownerID, facts.isOwnerConfirmed) = (id, true)
        }
        return facts
    }
}
