/// The event types that CloudStack declares, and the entity that it maps each to.
///
/// From CloudStack's `EventTypes` of the 4.23 era: 577 types, 415 of them mapped. The list is open, plugins add to it: an
/// absent type is merely unknown. A class, for there is one and every event asks it.
package final class EventCatalogue: Sendable {
    /// What is known of an event type, as strings that are made once.
    final class Entry: Sendable {
        /// `VM.START`
        let name: String
        /// The word of a topic: `VM-START`
        let topicWord: String
        /// The type of a CloudEvent: `org.apache.cloudstack.VM.START`
        let eventType: String
        /// CloudStack's own name of the entity: `VirtualMachineTemplate`
        let entity: String?
        /// Martlet's name of the resource type: `Template`
        let resourceType: String?

        init(name: String, entity: String?, resourceType: String?) {
            self.name = name
            topicWord = String(name.map { $0 == "." ? "-" : $0 })
            eventType = EventName.typePrefix + name
            self.entity = entity
            self.resourceType = resourceType
        }
    }

    /// CloudStack's own types.
    package static let cloudStack = EventCatalogue(text: cloudStackEventTypes.description)

    private let entries: [Entry]
    private let table: NameTable

    private init(text: String) {
        entries = text.split(separator: "\n").flatMap { line -> [Entry] in
            let words = line.split(separator: " ").map(String.init)
            let entity = words.first.flatMap { $0 == "-" ? nil : $0 }
            let resourceType = entity.flatMap { EntityNames.resourceType(of: $0.utf8) }
            return words.dropFirst().map { Entry(name: $0, entity: entity, resourceType: resourceType) }
        }
        table = NameTable(entries.map(\.name))
    }

    /// All types, `VM.START`, grouped by entity.
    package var names: [String] { entries.map(\.name) }

    /// Whether CloudStack declares the type, given as `VM.START` or as a topic's word `VM-START`.
    package func contains(_ name: String) -> Bool { entry(of: name.utf8) != nil }

    /// The entity that CloudStack maps the type to, in CloudStack's own words (`DataCenter`); `nil` for an unmapped and
    /// for an unknown type.
    package func entity(of name: String) -> String? { entry(of: name.utf8)?.entity }

    /// The type with full stops, whichever way it is given: `VM-START` is `VM.START`; `nil` for an unknown one.
    package func canonicalName(of name: String) -> String? { entry(of: name.utf8)?.name }

    func entry(of name: some Collection<UInt8>) -> Entry? { table.number(of: name).map { entries[$0] } }
}
