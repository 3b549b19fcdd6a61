import Martlet
import MartletJSON

extension EventDraft {
    /// An action's body, made in CloudStack's `ActionEventUtils`.
    mutating func readAction() {
        readName()
        readTime()
        readResource(type: "entity", id: "entityuuid")
        if resourceType == nil { resourceType = name.entry?.resourceType }
        if resourceID == nil { resourceID = firstClassID() }
        // An image is a template to the classes, and an event's type tells which of the two it is.
        if resourceType == "Template", name.topicWord?.hasPrefix("ISO-") == true { resourceType = "Iso" }
        readActionStatus(body["status"])
        readActionOwner()
        fields.domainID = body["Domain"]?.identifier
        fields.actorID = body["user"]?.identifier
    }

    /// The Contrail plug-in's body has neither resource nor time.
    mutating func readContrailAction() {
        readName()
        readTime()
        resourceType = key?.resource.flatMap { EntityNames.resourceType(of: $0.utf8) } ?? name.entry?.resourceType
        resourceID = key?.id
        readActionStatus(body["status"], description: body["details"])
    }

    /// A row of `listEvents`, which holds actions only. Accounts and users stand there by name, not by id.
    mutating func readListed() {
        readName("type")
        fields.id = body["id"]?.identifier ?? fields.id
        fields.time = body["created"]?.string.flatMap { Timestamp($0) }
        readResource(type: "resourcetype", id: "resourceid")
        if resourceType == nil { resourceType = name.entry?.resourceType }
        readActionStatus(body["state"])
        if body["level"]?.equals("ERROR") == true { fields.outcome = .failure }
        fields.tenantID = body["projectid"]?.identifier
        fields.domainID = body["domainid"]?.identifier
    }

    /// CloudStack reports a failure as `Completed`; only the description tells.
    private mutating func readActionStatus(_ status: JSONValue?, description: JSONValue? = nil) {
        if let status {
            if status.equals("Completed") {
                fields.phase = .completed
            } else if status.equals("Started") {
                fields.phase = .started
            } else if status.equals("Scheduled") {
                fields.phase = .scheduled
            } else if status.equals("Created") {
                fields.phase = .created
            }
        }
        if (description ?? body["description"])?.hasPrefix("Error while") == true {
            fields.outcome = .failure
        } else if fields.phase == .completed {
            fields.outcome = .success
        }
    }

    /// The id in the member that is named by the entity's class, which some versions write where `entityuuid` is missing.
    private func firstClassID() -> String? {
        for entity in [body["entity"]?.string, name.entry?.entity] {
            guard let entity, let found = body[EntityNames.simpleName(of: entity)]?.identifier else { continue }
            return found
        }
        return nil
    }

    /// `project` is there where the owner is a project; `Account` is the account that was touched, `account` the one that
    /// called.
    private mutating func readActionOwner() {
        let isAboutPeople = resourceType == "Account" || resourceType == "User"
        fields.tenantID =
            body["project"]?.identifier ?? (isAboutPeople ? body["Account"]?.identifier : nil)
            ?? body["account"]?.identifier
    }
}
