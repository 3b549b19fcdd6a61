/// A word that event types speak of, and how its resource is found in a payload.
final class OpenStackNoun: Sendable {
    /// The service that uses the word so: `nova`.
    let service: String
    /// The word of the event type: `instance`
    let name: String
    /// Martlet's resource type, `VirtualMachine`; `nil` where the word stands for no resource.
    let resourceType: String?
    /// The origin's own word for the resource.
    let origin: String
    /// The members that hold the id, the likelier first.
    let identifiers: [String]
    /// The members of a payload that hold the resource, or a list of such, as a whole.
    let containers: [String]
    /// The member of the resource's state.
    let state: String?
    /// It speaks of a part of the resource: what happens to it is not the resource's beginning or end.
    let isPart: Bool
    /// Whether the word is in the table, and not merely taken as it stands.
    let isKnown: Bool

    /// A line of ``openStackNouns``.
    fileprivate init(line: Substring) {
        let words = line.split(separator: " ").map(String.init)
        func option(_ name: String) -> String? {
            words.first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.utf8.count)) }
        }
        func list(_ name: String) -> [String] { option(name)?.split(separator: ",").map(String.init) ?? [] }
        service = words[0]
        name = words[1]
        resourceType = words[2] == "-" ? nil : words[2]
        origin = option("as:") ?? words[1]
        identifiers = OpenStackNoun.unique(list("id:") + OpenStackNoun.usualIdentifiers(of: words[1]))
        containers = OpenStackNoun.unique(list("in:") + OpenStackNoun.usualContainers(of: words[1]))
        state = option("state:")
        isPart = words.contains("part")
        isKnown = true
    }

    /// A word that no table has: its resource type is the word in capitals, `load_balancer` is `LoadBalancer`.
    init(unknown name: String, of service: String) {
        self.service = service
        self.name = name
        let type = name.split { !$0.isLetter && !$0.isNumber }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        resourceType = type.isEmpty ? nil : type.joined()
        origin = name
        identifiers = OpenStackNoun.usualIdentifiers(of: name)
        containers = OpenStackNoun.usualContainers(of: name)
        state = nil
        isPart = false
        isKnown = false
    }

    private static func usualIdentifiers(of name: String) -> [String] {
        ["\(name)_id", "\(name)_uuid", "id", "uuid", "resource_info"]
    }

    /// Lists are named in the plural: `networks`, `rbac_policies`.
    private static func usualContainers(of name: String) -> [String] {
        [name, name.hasSuffix("y") ? "\(name.dropLast())ies" : "\(name)s"]
    }

    private static func unique(_ names: [String]) -> [String] {
        names.enumerated().filter { !names[..<$0.offset].contains($0.element) }.map(\.element)
    }
}

extension OpenStackNoun {
    /// The table's line for a word of a service; where the service is another one or unknown, the first that has the word.
    static func known(_ name: some StringProtocol, of service: String?) -> OpenStackNoun? {
        guard let candidates = table[String(name)] else { return nil }
        return candidates.first { $0.service == service } ?? candidates.first
    }

    private static let table = Dictionary(
        grouping: openStackNouns.description.split(separator: "\n").map { OpenStackNoun(line: $0) },
        by: \.name
    )
}
