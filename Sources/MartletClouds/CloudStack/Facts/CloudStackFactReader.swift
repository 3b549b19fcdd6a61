package import Martlet
package import MartletJSON

/// Reads what CloudStack's events tell of their resources.
package struct CloudStackFactReader: ResourceFactReader {
    package init() {}

    package func facts(of event: Event, body: JSONValue) -> ResourceFacts? {
        guard event.type.hasPrefix(EventName.typePrefix), body.kind == .object else { return nil }
        var draft = FactDraft(event: event, body: body)
        switch event.category {
        case .action: draft.readAction()
        case .usage: draft.readUsage()
        case .alert: draft.readAlert()
        case .state: draft.readState()
        case .job: draft.readJob()
        case .audit, .other: return nil
        }
        return draft.facts
    }
}

/// Facts that are being read from one event; not copied, since a copy costs a reference for each text.
struct FactDraft: ~Copyable {
    let event: Event
    let body: JSONValue
    var facts = ResourceFacts()

    init(event: Event, body: JSONValue) {
        self.event = event
        self.body = body
    }
}

extension FactDraft {
    mutating func readAction() {
        let isListed = body["event"] == nil
        facts.ownerID = event.fields.tenantID
        if event.resource?.type == "Account" || event.resource?.type == "User" && body["Account"] != nil {
            facts.isOwnerConfirmed = event.fields.tenantID != nil
        }
        // In a row of `listEvents` it is the domain of who acted.
        if !isListed { facts.domainID = event.fields.domainID }
        facts.name = body["resourcename"]?.string
        relateClasses(in: body)
        if let project = body["project"]?.identifier { relate("project", project) }
        applyLifecycle(of: event.type, behind: EventName.typePrefix.utf8.count)
    }

    /// Usage names the owner's account.
    mutating func readUsage() {
        facts.ownerID = event.fields.tenantID
        facts.isOwnerConfirmed = event.fields.tenantID != nil
        if let zone = body["zone"]?.identifier { relate("zone", zone) }
    }

    mutating func readAlert() {
        if let zone = body["dataCenterId"]?.identifier { relate("zone", zone) }
        if let pod = body["podId"]?.identifier { relate("pod", pod) }
    }

    mutating func readState() {
        guard event.fields.phase == .completed, let type = event.resource?.type, let new = event.fields.newState else {
            return
        }
        facts.state = new
        facts.isDeletion = Lifecycle.isGone(type, in: new)
        if let old = event.fields.oldState {
            facts.isRecovery = Lifecycle.isLeaving(old) && !Lifecycle.isLeaving(new)
        }
    }

    mutating func readJob() {
        facts.ownerID = event.fields.tenantID
        if let context = body["cmdInfo"]?["ctxDetails"] { relateClasses(in: context) }
        guard event.fields.outcome == .success else { return }
        let result = body["jobResult"]
        // `success: false` is a job that ended well and did nothing.
        if result?["success"]?.boolean != false, result?["success"]?.equals("false") != true,
            let command = body["commandEventType"]?.string
        {
            // Expunging at once, a machine has no event but this one.
            let isExpunged = body["cmdInfo"]?["expunge"].map { $0.boolean == true || $0.equals("true") } == true
            applyLifecycle(of: isExpunged && command == "VM.DESTROY" ? "VM.EXPUNGE" : command)
        }
        if let resource = event.resource, let document = JobResult(result).document(of: resource.id) {
            facts.readCloudStack(document, of: resource)
        }
    }

    /// An operation that failed, or that has not come far enough, creates and deletes nothing.
    ///
    /// - Parameter start: where in the text the event's name begins.
    private mutating func applyLifecycle(of text: String, behind start: Int = 0) {
        var text = text
        let lifecycle = text.withUTF8 { text in
            Lifecycle(of: UnsafeBufferPointer(rebasing: text.dropFirst(start)), on: event.resource?.type)
        }
        let isDone = event.fields.phase == .completed && event.fields.outcome == .success
        switch lifecycle {
        case .creation: facts.isCreation = isDone || event.fields.phase == .created && event.fields.outcome == nil
        case .deletion: facts.isDeletion = isDone
        case .recovery: facts.isRecovery = isDone
        case nil: break
        }
    }

    /// Members that are named by a class, `DataCenter` or `interface com.cloud.dc.DataCenter`, hold that entity's id.
    private mutating func relateClasses(in object: JSONValue) {
        for member in object.members {
            guard let first = member.firstKeyByte,
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
                    || member.keyContent.contains(UInt8(ascii: ".")),
                let type = EntityNames.resourceType(of: member.keyContent), !isOwnMember(type, member.value),
                let id = member.value.identifier
            else { continue }
            relate(type.lowercased(), id)
        }
    }

    /// Whether a member names the event's own resource, as most events have one that does; no text is made of it.
    private func isOwnMember(_ type: String, _ id: JSONValue) -> Bool {
        guard let resource = event.resource, resource.type == type else { return false }
        return id.equals(resource.id)
    }

    /// A resource is not related to itself.
    private mutating func relate(_ kind: String, _ id: String) {
        if let resource = event.resource, resource.id == id, resource.type.lowercased() == kind { return }
        facts.relate(kind, id)
    }
}
