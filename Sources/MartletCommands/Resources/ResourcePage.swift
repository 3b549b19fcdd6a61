import Martlet
import MartletClient
import MartletJSON

/// What is known of a resource, as a page for people.
struct ResourcePage {
    let clock: WallClock
    let width: Int?

    func lines(for resource: ResourceAnswer) -> [StyledText] {
        var heading = StyledText("\(resource.type) ", .bold)
        heading.append(resource.id, .dim)
        var facts: [(String, StyledText)] = []
        func add(_ name: String, _ text: String?, _ style: TextStyle = .plain) {
            if let text, !text.isEmpty { facts.append((name, StyledText(text, style))) }
        }
        add("name", resource.name)
        add("state", resource.state, .cyan)
        add("cloud", resource.cloud)
        add("owner", resource.tenantID)
        add("domain", resource.document?["domainid"]?.string)
        add("updated", resource.updated.map(moment))
        add("deleted", resource.deleted.map(moment), .red)
        add("position", resource.position?.description)

        var lines = [heading] + aligned(facts)
        let relations = resource.relations.flatMap { relation in
            relation.ids.enumerated().map { ($0.offset == 0 ? relation.kind : "", StyledText($0.element, .dim)) }
        }
        if !relations.isEmpty { lines += section("RELATIONS") + aligned(relations) }
        let details = (resource.document?["details"]?.members).map { $0.compactMap(Self.detail) } ?? []
        if !details.isEmpty { lines += section("DETAILS") + aligned(details) }
        return lines.map { $0.truncated(to: width ?? .max) }
    }

    /// `2026-01-30 11:38:35, 2 h ago`
    private func moment(_ time: Timestamp) -> String {
        let age = clock.now() - time
        return clock.read(time).dateAndTime + (age >= .zero ? ", \(Measures.duration(age)) ago" : "")
    }

    private func section(_ title: String) -> [StyledText] { [StyledText(), StyledText(title, .dim)] }

    private func aligned(_ facts: [(String, StyledText)]) -> [StyledText] {
        let column = (facts.map { DisplayWidth.of($0.0) }.max() ?? 0) + 4
        return facts.map { name, value in
            var line = StyledText("  ")
            line.append(name, .dim)
            line.pad(to: column)
            line.append(value)
            return line
        }
    }

    /// A member that has something to say, nested ones in JSON.
    private static func detail(_ member: JSONMember) -> (String, StyledText)? {
        guard !member.value.isNull else { return nil }
        let text = member.value.string ?? String(decoding: member.value.bytes, as: UTF8.self)
        return text.isEmpty ? nil : (member.key, StyledText(text))
    }
}
