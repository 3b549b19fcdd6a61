/// The event types that OpenStack's services are known to send.
///
/// 706 names in 719 rows of services and formats, of releases up to 2026. The list is open: an absent type is read by the
/// same rule. A class, for there is one and every event asks it.
package final class OpenStackCatalogue: Sendable {
    /// What OpenStack's own services send.
    package static let openStack = OpenStackCatalogue(text: openStackEventTypes.description)

    private let types: [OpenStackEventType]
    private let table: NameTable

    private init(text: String) {
        types = text.split(separator: "\n").flatMap { line -> [OpenStackEventType] in
            let words = line.split(separator: " ").map(String.init)
            return words.dropFirst().map { OpenStackEventType($0, service: words[0]) }
        }
        table = NameTable(types.map(\.name))
    }

    /// All types, `compute.instance.create.end`.
    package var names: [String] { types.map(\.name) }

    /// Whether the type is a known one.
    package func contains(_ name: String) -> Bool { type(named: name.utf8) != nil }

    /// The service that sends a known type.
    package func service(of name: String) -> String? { type(named: name.utf8)?.service }

    /// The known type of this very name; the table takes a hyphen for a full stop.
    func type(named name: some Collection<UInt8>) -> OpenStackEventType? {
        table.number(of: name).map { types[$0] }.flatMap { $0.name.utf8.elementsEqual(name) ? $0 : nil }
    }
}
