import Martlet
import MartletJSON

extension OsloDraft {
    /// The owner as the payload names it, else the project that the request was made for: the index tells the two apart.
    mutating func readPeople() {
        let initiator = body.cadfInitiator
        let owner = resourceType == "Account" ? resourceID : body.owner
        let acting =
            context.projectID ?? initiator?["project_id"]?.identifier
            ?? body.data?["action_initiator_project"]?.identifier
        fields.tenantID = owner ?? acting
        fields.domainID = resourceType == "Domain" ? resourceID : body.data?["domain_id"]?.identifier
        if fields.domainID == nil, let acting, fields.tenantID == acting { fields.domainID = context.projectDomainID }
        let initiating = initiator?["user_id"]?.identifier ?? initiator?["id"]?.identifier
        fields.actorID = context.userID ?? initiating ?? body.data?["action_initiator_user"]?.identifier
    }
}

extension NotificationBody {
    /// The project that the payload says the resource belongs to.
    var owner: String? {
        guard !isCADF else { return payload?["project"]?.identifier }
        guard let data else { return nil }
        if let owner = data.owner { return owner }
        // What a scheduler is asked for, or has failed to find a place for.
        for name in ["request_spec", "instance_properties", "volume_properties"] {
            guard let asked = data[name] else { continue }
            if let owner = (asked.versionedData ?? asked).owner { return owner }
        }
        return nil
    }
}

extension JSONValue {
    fileprivate var owner: String? {
        for name in ownerNames {
            if let found = self[name]?.identifier { return found }
        }
        return nil
    }
}

private let ownerNames: [StaticString] = ["project_id", "tenant_id", "owner", "owner_id"]
