import MartletJSON

/// What an event is called: in a topic and as a CloudEvent's type.
struct EventName {
    /// `org.apache.cloudstack.VM.START`
    var eventType: String
    /// The third word of the topic, `VM-START`; `nil` is written `*`.
    var topicWord: String?
    /// What the catalogue knows of it.
    var entry: EventCatalogue.Entry?

    static let typePrefix = "org.apache.cloudstack."
    static let unknown = EventName(eventType: typePrefix + "unknown", topicWord: nil)

    private init(eventType: String, topicWord: String?) {
        self.eventType = eventType
        self.topicWord = topicWord
    }

    /// A name that the cloud wrote in a body or a routing key, `VM.START` or `VM-START`.
    init(_ name: some StringProtocol) {
        if let entry = EventCatalogue.cloudStack.entry(of: name.utf8) {
            self.init(entry)
        } else {
            self.init(eventType: EventName.typePrefix + name, topicWord: String(name))
        }
    }

    /// The name in a body; `nil` where the value is no text or empty.
    init?(_ value: JSONValue?) {
        guard let value, let content = value.stringContent else { return nil }
        if !value.hasEscapes, let entry = EventCatalogue.cloudStack.entry(of: content) {
            self.init(entry)
        } else {
            guard let name = value.string, !name.isEmpty else { return nil }
            self.init(name)
        }
    }

    private init(_ entry: EventCatalogue.Entry) {
        self.init(eventType: entry.eventType, topicWord: entry.topicWord)
        self.entry = entry
    }

    /// A name that CloudStack's messages do not hold, given by Martlet to what has none; not a word of the topic.
    static func placeholder(_ name: StaticString) -> EventName {
        EventName(eventType: typePrefix + name.description, topicWord: nil)
    }
}
