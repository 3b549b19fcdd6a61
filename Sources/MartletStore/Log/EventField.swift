/// What a piece of an encoded event is. The numbers are on disk: they are added to, never changed.
enum EventField: UInt8 {
    // What many events have in common; usually in a fragment.
    case cloud = 1
    case region = 2
    case source = 3
    case type = 4
    case category = 5
    /// The topic without its last word, the resource's id, the full stop before it included.
    case topicStem = 6
    /// The whole topic, where it does not end in the resource's id.
    case topic = 7
    case resourceType = 8
    case dataContentType = 9
    case dataSchema = 10
    case phase = 11
    case outcome = 12
    case severity = 13

    // What is an event's own.
    case id = 20
    case time = 21
    case resourceID = 22
    case oldState = 23
    case newState = 24
    case operationID = 25
    case tenantID = 26
    case domainID = 27
    case actorID = 28
    case marks = 29
    case ownSubject = 30
    /// The number of the fragment that holds `source`: publishers are many, and so kept out of the kinds.
    case publisher = 31
    case jsonContent = 32
    case base64Content = 33
    case binaryContent = 34
    case changes = 35
    /// The name of an extension attribute; its value follows in one of the next three.
    case extensionName = 36
    case extensionString = 37
    case extensionInteger = 38
    case extensionBoolean = 39
    case routingKey = 40

    // A header of a quarantined item.
    case headerName = 50
    case headerValue = 51
}

/// How a field's value is written; the two high bits of its first byte.
enum FieldForm: UInt8 {
    /// A length, then as many bytes.
    case bytes = 0
    /// 32 hexadecimal digits in lower case, as 16 bytes: OpenStack's project ids.
    case hexadecimal = 0x40
    /// A UUID in its canonical form in lower case, as 16 bytes.
    case uuid = 0x80

    static let mask: UInt8 = 0xC0
}

/// The marks of an event as bits. The numbers are on disk.
struct EventMarks: OptionSet {
    let rawValue: Int64

    static let stale = EventMarks(rawValue: 1)
    static let redacted = EventMarks(rawValue: 2)
    static let replay = EventMarks(rawValue: 4)
    static let impossibleTransition = EventMarks(rawValue: 8)
    static let resynchronised = EventMarks(rawValue: 16)
}
