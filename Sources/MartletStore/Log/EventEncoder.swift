import Martlet

/// Writes an event as two pieces: its kind, which many events share and which is stored once, and the rest.
///
/// The two are made of the same fields, so that a kind which cannot be shared is simply written into the rest.
struct EventEncoder {
    /// The kind of the last event encoded.
    private(set) var kind = FieldWriter()
    /// Its publisher: the `source` alone.
    private(set) var publisher = FieldWriter()
    /// Everything else but the payload's bytes.
    private var attributes = FieldWriter()

    /// Takes what the event has in common with others.
    mutating func encodeKind(of fields: borrowing Event.Fields) {
        publisher.removeAll()
        publisher.text(.source, fields.source)
        kind.removeAll()
        EventEncoder.writeKind(of: fields, to: &kind)
    }

    /// Takes what is the event's own.
    ///
    /// - Parameters:
    ///   - id: the origin's own id; an empty one is derived again on reading, from the position.
    ///   - isKindShared: whether the row names a fragment with the kind; otherwise it is written here.
    ///   - publisher: the number of the fragment with the publisher, where there is one.
    mutating func encodeAttributes(
        of fields: borrowing Event.Fields,
        id: String,
        changes: ArraySlice<UInt8>?,
        isKindShared: Bool,
        publisher number: Int64?
    ) -> [UInt8] {
        attributes.removeAll()
        if !isKindShared { EventEncoder.writeKind(of: fields, to: &attributes) }
        if let number { attributes.integer(.publisher, number) } else { attributes.text(.source, fields.source) }
        if !id.isEmpty { attributes.identifier(.id, id) }
        if let time = fields.time { attributes.integer(.time, time.nanoseconds) }
        attributes.identifier(.resourceID, fields.resource?.id)
        if EventEncoder.topicForm(of: fields) == .own { attributes.text(.topic, fields.topic.text) }
        attributes.text(.routingKey, fields.routingKey)
        attributes.text(.oldState, fields.oldState)
        attributes.text(.newState, fields.newState)
        attributes.identifier(.operationID, fields.operationID)
        attributes.identifier(.tenantID, fields.tenantID)
        attributes.identifier(.domainID, fields.domainID)
        attributes.identifier(.actorID, fields.actorID)
        attributes.text(.ownSubject, fields.ownSubject)
        var marks: EventMarks = []
        if fields.isStale { marks.insert(.stale) }
        if fields.isRedacted { marks.insert(.redacted) }
        if fields.isReplay { marks.insert(.replay) }
        if fields.isResynchronised { marks.insert(.resynchronised) }
        if fields.isImpossibleTransition { marks.insert(.impossibleTransition) }
        if !marks.isEmpty { attributes.integer(.marks, marks.rawValue) }
        writeContent(of: fields.payload)
        if !fields.extensions.isEmpty { writeExtensions(fields.extensions) }
        if let changes { attributes.raw(.changes, changes) }
        return attributes.bytes
    }

    private static func writeKind(of fields: borrowing Event.Fields, to writer: inout FieldWriter) {
        writer.text(.cloud, fields.cloud)
        writer.text(.region, fields.region)
        writer.text(.type, fields.type)
        writer.text(.category, fields.category.rawValue)
        writer.text(.resourceType, fields.resource?.type)
        writer.text(.dataContentType, fields.dataContentType)
        writer.text(.dataSchema, fields.dataSchema)
        writer.text(.phase, fields.phase?.rawValue)
        writer.text(.outcome, fields.outcome?.rawValue)
        writer.text(.severity, fields.severity?.rawValue)
        switch topicForm(of: fields) {
        case .stem(let count):
            writer.text(.topicStem, String(decoding: fields.topic.text.utf8.prefix(count), as: UTF8.self))
        case .common: writer.text(.topic, fields.topic.text)
        case .own: break
        }
    }

    /// Where a topic is written.
    private enum TopicForm: Equatable {
        /// As many bytes of it belong to the kind; the resource's id follows.
        case stem(Int)
        /// It names no single resource, and belongs to the kind as a whole.
        case common
        /// It is the event's own.
        case own
    }

    private static func topicForm(of fields: borrowing Event.Fields) -> TopicForm {
        guard let id = fields.resource?.id else { return ends(fields.topic.text, with: "*") ? .common : .own }
        guard !id.isEmpty, ends(fields.topic.text, with: id) else { return .own }
        return .stem(fields.topic.text.utf8.count - id.utf8.count)
    }

    /// Whether a topic's last word, of several, is this one.
    private static func ends(_ topic: String, with word: String) -> Bool {
        // In place: comparing views of strings byte by byte costs as much as all else about the attributes.
        var (topic, word) = (topic, word)
        return topic.withUTF8 { topic in
            word.withUTF8 { word in
                let start = topic.count - word.count
                return start > 0 && topic[start - 1] == UInt8(ascii: ".")
                    && UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(topic)[start...])
                        .elementsEqual(UnsafeRawBufferPointer(word))
            }
        }
    }

    private mutating func writeContent(of payload: Payload) {
        switch payload.content {
        case .absent: break
        case .json(let range): attributes.range(.jsonContent, range)
        case .base64(let range): attributes.range(.base64Content, range)
        case .binary: attributes.range(.binaryContent, 0..<0)
        }
    }

    private mutating func writeExtensions(_ extensions: [String: AttributeValue]) {
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) {
            attributes.text(.extensionName, name)
            switch value {
            case .string(let value): attributes.text(.extensionString, value)
            case .integer(let value): attributes.integer(.extensionInteger, Int64(value))
            case .boolean(let value): attributes.integer(.extensionBoolean, value ? 1 : 0)
            }
        }
    }
}
