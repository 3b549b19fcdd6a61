/// The names of Martlet's attributes on the wire, in CloudEvents' letters.
///
/// The one table behind the CloudEvents encoder and decoder, attribute filters and the API's query parameters.
public enum AttributeName: String, Sendable, CaseIterable {
    // One line for each group of the design's table; the names say what they are.
    case id, source, type, subject, time, datacontenttype, dataschema
    case cloud, region, category, resourcetype, resourceid
    case phase, outcome, oldstate, newstate, operationid, severity
    case tenantid, domainid, actorid
    case stale, redacted, replay, resync
    case impossibletransition
    case partitionkey, recordedtime, position, topic
}

extension Event {
    /// The text of an attribute, Martlet's or an extension; `nil` where the event has none of that name.
    public func attribute(_ name: String) -> String? {
        guard let known = AttributeName(rawValue: name) else { return fields.extensions[name]?.description }
        return attribute(known)
    }

    /// The text of one of Martlet's own attributes.
    public func attribute(_ name: AttributeName) -> String? {
        // A word that is none of Martlet's passes through as an extension (promise 13).
        func unknown(_ name: AttributeName) -> String? { fields.extensions[name.rawValue]?.description }
        func mark(_ isSet: Bool) -> String? { isSet ? "true" : nil }
        return switch name {
        case .id: id
        case .source: source
        case .type: type
        case .subject: subject
        case .time: time?.description
        case .datacontenttype: fields.dataContentType
        case .dataschema: fields.dataSchema
        case .cloud: cloud
        case .region: fields.region
        case .category: category.rawValue
        case .resourcetype: resource?.type
        case .resourceid: resource?.id
        case .phase: fields.phase?.rawValue ?? unknown(name)
        case .outcome: fields.outcome?.rawValue ?? unknown(name)
        case .oldstate: fields.oldState
        case .newstate: fields.newState
        case .operationid: fields.operationID
        case .severity: fields.severity?.rawValue ?? unknown(name)
        case .tenantid: fields.tenantID
        case .domainid: fields.domainID
        case .actorid: fields.actorID
        case .stale: mark(fields.isStale)
        case .redacted: mark(fields.isRedacted)
        case .replay: mark(fields.isReplay)
        case .resync: mark(fields.isResynchronised)
        case .impossibletransition: mark(fields.isImpossibleTransition)
        case .partitionkey: partitionKey
        case .recordedtime: fields.recordedTime?.description
        case .position: position?.description
        case .topic: topic.description
        }
    }
}
