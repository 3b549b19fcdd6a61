import Martlet
import MartletJSON

/// An event that is being read: the message's parts, and the attributes found so far.
///
/// It cannot be copied: each copy would cost a reference for each of its texts.
struct EventDraft: ~Copyable {
    let body: JSONValue
    let key: RoutingKey?
    let headers: WebhookHeaders
    var fields: Event.Fields
    var name = EventName.unknown
    var resourceType: String?
    var resourceID: String?
    private let publisher: String

    init(body: JSONValue, key: RoutingKey?, headers: WebhookHeaders, origin: Origin, payload: Payload) {
        self.body = body
        self.key = key
        self.headers = headers
        publisher = key?.publisher ?? RoutingKey.usualPublisher
        var source = "/clouds/"
        source.reserveCapacity(9 + origin.cloud.utf8.count + publisher.utf8.count)
        source += origin.cloud
        source += "/"
        source += publisher
        fields = Event.Fields(
            id: headers.eventID ?? "",
            source: source,
            type: "",
            cloud: origin.cloud,
            topic: Topic(text: ""),
            payload: payload
        )
        fields.region = origin.region
        fields.dataContentType = "application/json"
    }

    /// Reads the body by its shape.
    mutating func read() {
        let shape: BodyShape
        if let category = key?.category, category != .other, body.kind == .object {
            shape = BodyShape(of: body, category: category)
            fields.category = category
        } else {
            shape = BodyShape(of: body)
            fields.category = shape.category
        }
        switch shape {
        case .action: readAction()
        case .contrail: readContrailAction()
        case .usage: readUsage()
        case .alert: readAlert()
        case .state: readState()
        case .job: readJob()
        case .listed: readListed()
        case .unknown: readUnknown()
        }
        // An account owns itself, whoever acted on it.
        if resourceType == "Account", let resourceID { fields.tenantID = resourceID }
        if fields.outcome == .failure { fields.severity = .error }
    }

    /// The event.
    ///
    /// - Parameter irregularKey: a routing key that has not five words; it is the topic as it stands.
    consuming func event(publishedUnder irregularKey: String?) -> Event {
        fields.type = name.eventType
        if let resourceType, let resourceID {
            fields.resource = ResourceReference(type: resourceType, id: resourceID)
        }
        fields.topic =
            irregularKey.map { Topic(text: $0) }
            ?? Topic(
                source: publisher,
                category: categoryWord,
                type: name.topicWord,
                resource: resourceType,
                id: resourceID
            )
        return Event(taking: &fields)
    }

    /// A category that Martlet does not know stays in the topic.
    private var categoryWord: String {
        guard fields.category == .other, let word = key?.categoryWord else { return fields.category.topicWord }
        return word
    }
}

extension EventDraft {
    /// The name in the body, else in a webhook's header, else in the routing key: the body's has full stops.
    mutating func readName(_ member: StaticString = "event") {
        if let found = EventName(body[member]) {
            name = found
        } else if let found = headers.eventName {
            name = EventName(found)
        } else if let found = key?.type {
            name = EventName(found)
        }
    }

    /// The resource's type, and its id unless the body's own member has it: from the routing key.
    mutating func readResource(type typeMember: StaticString, id idMember: StaticString) {
        resourceType = body[typeMember]?.resourceType ?? key?.resource.flatMap { EntityNames.resourceType(of: $0.utf8) }
        resourceID = body[idMember]?.identifier ?? key?.id
    }

    mutating func readTime() { fields.time = body["eventDateTime"]?.string.flatMap { Timestamp($0) } }
}

extension JSONValue {
    /// The text of an id: a string, or the digits of a number as old versions wrote them; `nil` where it says nothing.
    var identifier: String? {
        switch kind {
        case .string:
            guard let text = string, !text.isEmpty, text != "*" else { return nil }
            return text
        case .number: return String(decoding: bytes, as: UTF8.self)
        case .object, .array, .boolean, .null: return nil
        }
    }

    /// The resource type that a class name or an API name stands for.
    var resourceType: String? {
        guard let content = stringContent else { return nil }
        return hasEscapes
            ? string.flatMap { EntityNames.resourceType(of: $0.utf8) } : EntityNames.resourceType(of: content)
    }
}
