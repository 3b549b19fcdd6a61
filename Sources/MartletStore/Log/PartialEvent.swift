import Martlet

/// An event while it is put together again: first from its kind, then from what is its own.
struct PartialEvent: Sendable {
    private(set) var fields = Event.Fields(
        id: "",
        source: "",
        type: "",
        cloud: "",
        topic: Topic(text: ""),
        payload: Payload(original: [], content: .absent)
    )
    private(set) var changes: ArraySlice<UInt8>?
    private var topicStem: String?
    private var resourceType: String?
    private var resourceID: String?

    init() {}

    /// Adds fields.
    ///
    /// - Parameter publisher: the `source` in the fragment of a number that the fields refer to.
    mutating func add(_ bytes: UnsafeRawBufferPointer, publisher: (Int64) throws -> String) throws {
        var reader = FieldReader(bytes)
        var extensionName: String?
        while let field = try reader.next() {
            switch field.name {
            case .cloud: fields.cloud = field.text
            case .region: fields.region = field.text
            case .source: fields.source = field.text
            case .type: fields.type = field.text
            case .category: fields.category = try known(field)
            case .topicStem: topicStem = field.text
            case .topic: fields.topic = Topic(text: field.text)
            case .resourceType: resourceType = field.text
            case .dataContentType: fields.dataContentType = field.text
            case .dataSchema: fields.dataSchema = field.text
            case .phase: fields.phase = try known(field) as Phase
            case .outcome: fields.outcome = try known(field) as Outcome
            case .severity: fields.severity = try known(field) as Severity
            case .id: fields.id = field.text
            case .time: fields.time = Timestamp(nanoseconds: try field.integer())
            case .resourceID: resourceID = field.text
            case .oldState: fields.oldState = field.text
            case .newState: fields.newState = field.text
            case .operationID: fields.operationID = field.text
            case .tenantID: fields.tenantID = field.text
            case .domainID: fields.domainID = field.text
            case .actorID: fields.actorID = field.text
            case .ownSubject: fields.ownSubject = field.text
            case .routingKey: fields.routingKey = field.text
            case .marks: set(EventMarks(rawValue: try field.integer()))
            case .publisher: fields.source = try publisher(try field.integer())
            case .jsonContent: fields.payload.content = .json(try field.range())
            case .base64Content: fields.payload.content = .base64(try field.range())
            case .binaryContent: fields.payload.content = .binary
            case .changes: changes = field.copy
            case .extensionName: extensionName = field.text
            case .extensionString: try set(&extensionName, .string(field.text))
            case .extensionInteger: try set(&extensionName, .integer(Int32(truncatingIfNeeded: try field.integer())))
            case .extensionBoolean: try set(&extensionName, .boolean(try field.integer() != 0))
            case .headerName, .headerValue: throw FieldReader.Malformed()
            }
        }
    }

    /// The event, now that everything has been added.
    ///
    /// - Parameter derivedID: the id of an event whose origin gave it none.
    consuming func finish(
        body: [UInt8],
        position: Position,
        recorded: Timestamp,
        resource key: Int64,
        derivedID: () -> String
    ) throws -> StoredEventParts {
        fields.payload.original = body[...]
        switch fields.payload.content {
        case .json(let range), .base64(let range):
            guard range.upperBound <= body.count else { throw FieldReader.Malformed() }
        case .absent, .binary: break
        }
        if let resourceType, let resourceID {
            fields.resource = ResourceReference(type: resourceType, id: resourceID)
            if let topicStem { fields.topic = Topic(text: topicStem + resourceID) }
        }
        fields.position = position
        fields.recordedTime = recorded
        if fields.id.isEmpty { fields.id = derivedID() }
        return (Event(taking: &fields), key, changes)
    }

    /// An event, the key of its resource or zero, and what it changed.
    typealias StoredEventParts = (event: Event, resource: Int64, changes: ArraySlice<UInt8>?)

    private func known<Value: RawRepresentable<String>>(_ field: FieldReader.Field) throws -> Value {
        guard let value = Value(rawValue: field.text) else { throw FieldReader.Malformed() }
        return value
    }

    private mutating func set(_ marks: EventMarks) {
        fields.isStale = marks.contains(.stale)
        fields.isRedacted = marks.contains(.redacted)
        fields.isReplay = marks.contains(.replay)
        fields.isResynchronised = marks.contains(.resynchronised)
        fields.isImpossibleTransition = marks.contains(.impossibleTransition)
    }

    private mutating func set(_ name: inout String?, _ value: AttributeValue) throws {
        guard let known = name.take() else { throw FieldReader.Malformed() }
        fields.extensions[known] = value
    }
}
