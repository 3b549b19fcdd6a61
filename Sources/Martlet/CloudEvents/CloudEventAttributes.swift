import MartletJSON

/// The attributes of one event on their way in, whichever mode carried them.
struct CloudEventAttributes {
    private var version: AttributeValue?
    // Few enough that going through them is quicker than hashing their names.
    private var known: [(name: AttributeName, value: AttributeValue)] = []
    private var extensions: [String: AttributeValue] = [:]

    init() { known.reserveCapacity(24) }

    /// Takes an attribute from the JSON format; `null` stands for an absent one.
    mutating func take(_ name: String, json value: JSONValue) throws(FormatError) {
        let attribute = AttributeName.named(name)
        if value.isNull || attribute?.isReserved ?? false { return }
        switch value.kind {
        case .string: try take(name, attribute, .string(value.string ?? ""))
        case .boolean: try take(name, attribute, .boolean(value.boolean ?? false))
        default:
            guard let integer = value.integer, let short = Int32(exactly: integer) else {
                throw FormatError("the attribute \"\(name)\" is no string, boolean or 32-bit integer")
            }
            try take(name, attribute, .integer(short))
        }
    }

    /// Takes an attribute from a header.
    mutating func take(_ name: String, text: String) throws(FormatError) {
        try take(name, AttributeName.named(name), .string(text))
    }

    /// Of several attributes with one name the first stands, as everywhere in Martlet's JSON.
    private mutating func take(
        _ name: String,
        _ attribute: AttributeName?,
        _ value: AttributeValue
    ) throws(FormatError) {
        if let attribute {
            if self[attribute] == nil { known.append((attribute, value)) }
        } else if name == "specversion" {
            version = version ?? value
        } else {
            guard CloudEventAttributes.isName(name) else {
                throw FormatError(
                    "the name of the attribute \"\(name)\" has other characters than lower-case letters and digits"
                )
            }
            guard name != "data" else { throw FormatError("no attribute may be named \"data\"") }
            if extensions[name] == nil { extensions[name] = value }
        }
    }

    private subscript(name: AttributeName) -> AttributeValue? {
        for index in known.indices where known[index].name == name { return known[index].value }
        return nil
    }

    /// The event that these attributes describe.
    consuming func makeEvent(
        payload: Payload,
        routingKey: String?,
        origin: Origin
    ) throws(FormatError) -> Event {
        guard let version else { throw FormatError("the attribute \"specversion\" is missing") }
        guard version == .string("1.0") else {
            throw FormatError("the attribute \"specversion\" is \"\(version)\", and only \"1.0\" can be read")
        }
        let id = try required(.id)
        let source = try required(.source)
        let type = try required(.type)
        var fields = Event.Fields(
            id: id,
            source: source,
            type: type,
            cloud: origin.cloud,
            topic: Topic(text: ""),
            payload: payload
        )
        fields.time = try time()
        fields.dataContentType = try string(.datacontenttype)
        fields.dataSchema = try string(.dataschema)
        fields.region = text(.region) ?? origin.region
        fields.category = word(.category) ?? .other
        try readResource(into: &fields)
        fields.phase = word(.phase)
        fields.outcome = word(.outcome)
        fields.severity = word(.severity)
        fields.oldState = text(.oldstate)
        fields.newState = text(.newstate)
        fields.operationID = text(.operationid)
        fields.tenantID = text(.tenantid)
        fields.domainID = text(.domainid)
        fields.actorID = text(.actorid)
        fields.isRedacted = text(.redacted) == "true"
        fields.topic = topic(of: fields, routingKey: routingKey)
        fields.extensions = extensions
        return Event(fields: fields)
    }

    /// The resource from its two attributes, else from a subject of the form `Type/id`.
    private mutating func readResource(into fields: inout Event.Fields) throws(FormatError) {
        let subject = try string(.subject)
        if let type = text(.resourcetype), let id = text(.resourceid) {
            fields.resource = ResourceReference(type: type, id: id)
            return
        }
        // Half a resource is none; what there is of it passes through.
        for half in [AttributeName.resourcetype, .resourceid] { extensions[half.rawValue] = self[half] }
        guard let subject else { return }
        let text = subject.utf8
        if let slash = text.firstIndex(of: 0x2F), slash > text.startIndex {
            let id = text[text.index(after: slash)...]
            if !id.isEmpty, !id.contains(0x2F) {
                fields.resource = ResourceReference(type: String(subject[..<slash]), id: String(Substring(id)))
                return
            }
        }
        fields.ownSubject = subject
    }

    private func topic(of fields: Event.Fields, routingKey: String?) -> Topic {
        if let given = text(.topic) { return Topic(text: given) }
        if let routingKey, !routingKey.isEmpty { return Topic(text: routingKey) }
        return Topic(
            source: CloudEventAttributes.lastPathWord(of: fields.source),
            category: fields.category.topicWord,
            type: fields.type,
            resource: fields.resource?.type,
            id: fields.resource?.id
        )
    }

    /// The last word of a URI reference's path that is not empty, `nova` of `/clouds/prod/nova/?x=y`.
    private static func lastPathWord(of source: String) -> String {
        var path = source.utf8.prefix { $0 != 0x3F && $0 != 0x23 }
        while path.last == 0x2F { path.removeLast() }
        let start = path.lastIndex(of: 0x2F).map { path.index(after: $0) } ?? path.startIndex
        return String(Substring(path[start...]))
    }

    private func time() throws(FormatError) -> Timestamp? {
        guard let text = try string(.time) else { return nil }
        guard let time = Timestamp(text) else {
            throw FormatError("the attribute \"time\" is no RFC 3339 time between 1678 and 2262: \"\(text)\"")
        }
        return time
    }

    private func required(_ name: AttributeName) throws(FormatError) -> String {
        guard self[name] != nil else { throw FormatError("the attribute \"\(name.rawValue)\" is missing") }
        guard let value = try string(name) else { throw FormatError("the attribute \"\(name.rawValue)\" is empty") }
        return value
    }

    /// The value of an attribute that CloudEvents defines as a string; `nil` where it is absent or empty.
    private func string(_ name: AttributeName) throws(FormatError) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else {
            throw FormatError("the attribute \"\(name.rawValue)\" is no string")
        }
        return text.isEmpty ? nil : text
    }

    /// The text of an attribute of any type; `nil` where it is absent or empty.
    private func text(_ name: AttributeName) -> String? {
        guard let text = self[name]?.description, !text.isEmpty else { return nil }
        return text
    }

    /// A word of one of Martlet's enumerations. An unknown word is data (promise 13) and stays as an extension.
    private mutating func word<Word: RawRepresentable<String>>(_ name: AttributeName) -> Word? {
        guard let text = text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            extensions[name.rawValue] = self[name]
            return nil
        }
        return word
    }

    /// CloudEvents 1.0.2, "Naming conventions"; the length is free, since 20 characters are only recommended.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }
}

extension AttributeName {
    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// The attribute of this name, by one look-up; `init(rawValue:)` compares with one name after the other.
    static func named(_ name: String) -> AttributeName? { byName[name] }

    /// Whether only Martlet itself may say this, so that whatever a client wrote there is not even looked at.
    fileprivate var isReserved: Bool {
        switch self {
        case .cloud, .stale, .replay, .resync, .impossibletransition, .partitionkey, .recordedtime, .position: true
        default: false
        }
    }
}
