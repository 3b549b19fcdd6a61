import Martlet
import MartletClouds
import MartletJSON

/// What may be seen of one thing that leaves: a protection, with the rules whose conditions it meets.
struct FieldView {
    let audience: Audience
    let verdicts: FieldVerdicts
    let properties: PropertyProtection?
    /// Whether it is an image of OpenStack's, or an event about one.
    let isOfImage: Bool

    /// Whether a field at the top is hidden: an attribute, a name of the index.
    func isHidden(_ name: String) -> Bool { isHidden(name, key: name) }

    func isHidden(_ path: String, key: String) -> Bool { verdicts.verdict(path: path, key: key) != .shown }

    /// The event without the attributes and fields that may not be seen.
    func protect(_ event: Event) -> Event {
        event.with { fields in
            for name in fields.extensions.keys where isHidden(name) { fields.extensions[name] = nil }
            if isHidden("tenantid") { fields.tenantID = nil }
            if isHidden("domainid") { fields.domainID = nil }
            if isHidden("actorid") { fields.actorID = nil }
            if isHidden("operationid") { fields.operationID = nil }
            if isHidden("oldstate") { fields.oldState = nil }
            if isHidden("newstate") { fields.newState = nil }
            if isHidden("region") { fields.region = nil }
            if isHidden("phase") { fields.phase = nil }
            if isHidden("outcome") { fields.outcome = nil }
            if isHidden("severity") { fields.severity = nil }
            if isHidden("dataschema") { fields.dataSchema = nil }
            // What an event without a resource says of itself; a resource is named by its topic too.
            if isHidden("subject") { fields.ownSubject = nil }
            if isHidden("routingkey") { fields.routingKey = nil }
            if audience == .user { fields.source = AdministratorFields.publicSource(of: event) }
            guard let json = fields.payload.json, let shown = protect(payload: json) else {
                // What is no JSON has no fields to look at, and nothing of it is shown.
                fields.payload = Payload(original: [], content: .absent)
                return
            }
            fields.payload = Payload(json: shown)
        }
    }

    /// An event's data, or what it changed; `nil` where it is no JSON with fields.
    func protect(payload bytes: Bytes) -> Bytes? {
        // A text by itself is no field of anything, as bytes that are no JSON are not.
        if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "\"") { return nil }
        return FieldProtector(self, part: properties == nil ? .none : .event(isOfImage: isOfImage)).protect(bytes)
    }

    /// A resource's document; `nil` where it is no JSON.
    func protect(document bytes: Bytes) -> Bytes? {
        FieldProtector(self, part: properties == nil ? .none : .record(isOfImage: isOfImage)).protect(bytes)
    }
}

extension FieldView {
    /// The attributes that are never hidden: who has the topic, a position or the resource's name has them, too.
    static let visibleAttributes: Set<String> = Set(
        [
            AttributeName.id, .source, .type, .time, .datacontenttype, .cloud, .category, .resourcetype, .resourceid,
            .stale,
            .redacted, .replay, .impossibletransition, .partitionkey, .recordedtime, .position, .topic,
        ].map(\.rawValue)
    )
}

extension Protection {
    /// Whether one may ask for an attribute: never for one that may be hidden, whatever the answer would be.
    package func allowsQuery(by attribute: String) -> Bool {
        if isEmpty { return true }
        // What names its host is shown without it.
        if attribute == AttributeName.source.rawValue { return audience == .admin }
        return FieldView.visibleAttributes.contains(attribute) || !mayHide(attribute)
    }
}
