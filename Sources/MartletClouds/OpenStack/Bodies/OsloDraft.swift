import Martlet
import MartletJSON

/// A notification that is being read, and the attributes found so far; not copied, as CloudStack's draft is not.
struct OsloDraft: ~Copyable {
    let root: JSONValue
    let type: OpenStackEventType
    let body: NotificationBody
    let context: RequestContext
    let service: String
    var fields: Event.Fields
    var resourceType: String?
    var resourceID: String?

    init(_ root: JSONValue, eventType: JSONValue, origin: Origin, payload: Payload) {
        // All of it in locals first: optimised, Swift 6.3.1 destroys fields that are not there yet where an initialiser
        // reads its own properties within `??`.
        let publisher = root["publisher_id"]?.identifier
        let type = OpenStackEventType.named(eventType, from: publisher)
        let service = type.service ?? "openstack"
        let publishing = publisher ?? service
        let id = root["message_id"]?.identifier ?? root["_unique_id"]?.identifier
        var fields = Event.Fields(
            id: id ?? "",
            source: "/clouds/\(origin.cloud)/\(publishing)",
            type: type.eventType,
            cloud: origin.cloud,
            topic: Topic(text: ""),
            payload: payload
        )
        fields.region = origin.region
        fields.dataContentType = "application/json"
        fields.category = type.category
        fields.phase = type.phase
        fields.outcome = type.outcome
        fields.extensions = type.extensions
        self.root = root
        self.type = type
        self.service = service
        self.fields = fields
        body = NotificationBody(root, of: type.noun)
        context = RequestContext(root)
        resourceType = nil
        resourceID = nil
    }

    mutating func read() {
        fields.time = time
        readOutcome()
        readResource()
        readPeople()
        readState()
        fields.operationID =
            context.requestID ?? body.data?["request_id"]?.identifier
            ?? body.cadfInitiator?["request_id"]?.identifier
    }

    consuming func event() -> Event {
        if let resourceType, let resourceID {
            fields.resource = ResourceReference(type: resourceType, id: resourceID)
        }
        fields.topic = Topic(
            source: service,
            category: fields.category.topicWord,
            type: type.name,
            resource: resourceType,
            id: resourceID
        )
        return Event(taking: &fields)
    }

    /// oslo.messaging writes UTC without a zone; CADF's own time has one.
    private var time: Timestamp? {
        if let text = root["timestamp"]?.string, let time = Timestamp(text + "Z") ?? Timestamp(text) { return time }
        return body.isCADF ? body.payload?["eventTime"]?.string.flatMap { Timestamp($0) } : nil
    }

    /// The event type tells first; where it only says that something is done, priority and CADF's outcome say how it ended.
    private mutating func readOutcome() {
        let priority = root["priority"]
        let severity: Severity? =
            if priority?.equals("ERROR") == true {
                .error
            } else if priority?.equals("CRITICAL") == true {
                .critical
            } else if priority?.equals("WARN") == true || priority?.equals("WARNING") == true {
                .warning
            } else {
                nil
            }
        if severity == .error || severity == .critical, !type.hasEnding, fields.phase == .completed {
            fields.outcome = .failure
        }
        if body.isCADF, let outcome = body.payload?["outcome"] {
            if outcome.equals("failure") {
                (fields.phase, fields.outcome) = (.completed, .failure)
            } else if outcome.equals("pending") {
                (fields.phase, fields.outcome) = (.progress, nil)
            } else if outcome.equals("unknown") {
                fields.outcome = nil
            }
        }
        fields.severity = severity
        if severity == nil, fields.outcome == .failure {
            // A refused login is no trouble of the cloud's.
            fields.severity = fields.category == .audit ? .warning : .error
        } else if severity == nil, fields.category == .alert {
            fields.severity = .error
        }
    }
}

extension OpenStackEventType {
    /// The catalogue's, or what the name says by itself.
    ///
    static func named(_ value: JSONValue, from publisher: String?) -> OpenStackEventType {
        if !value.hasEscapes, let content = value.stringContent,
            let known = OpenStackCatalogue.openStack.type(named: content)
        {
            return known
        }
        let service = publisher.flatMap { OpenStackServices.service(ofPublisher: $0) }
        return OpenStackEventType(value.string ?? "", service: service)
    }
}

extension NotificationBody {
    /// Who did what a CADF event tells.
    var cadfInitiator: JSONValue? { isCADF ? payload?["initiator"] : nil }
}
