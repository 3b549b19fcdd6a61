import Foundation
import MartletPipeline
import Yams

/// A configuration that may be shown to anybody: as it was written, without secrets and without comments.
///
/// What is secret, the components' own descriptions say. What they do not know, a key that was mistyped for one, is not shown
/// either. `${NAME}` and `{ file: … }` are: they say where a secret lies, and not what it is.
package struct RedactedConfiguration: Sendable {
    /// YAML; a sentence where the text was none.
    package let text: String
    /// The secrets that were cut, and those that it leads to, to be cut from whatever else is shown.
    package let secrets: KnownSecrets

    /// - Parameters:
    ///   - yaml: the configuration.
    ///   - environment: where `${NAME}` is looked up, for ``secrets``.
    ///   - contents: the text of a file, for ``secrets``; nil where it cannot be read.
    package init(
        _ yaml: String,
        environment: [String: String],
        contents: @escaping (String) -> String? = { try? String(contentsOfFile: $0, encoding: .utf8) }
    ) {
        var walk = ConfigurationWalk(environment: environment, contents: contents)
        do {
            let node = try Yams.compose(yaml: yaml).map { walk.root($0) }
            text = try node.map { try Yams.serialize(node: $0, width: -1, allowUnicode: true) } ?? "(empty)\n"
        } catch {
            // The error would quote the text around the mistake.
            text = "(not shown: it is no YAML, so that nobody can tell what is secret in it)\n"
        }
        secrets = walk.secrets
    }

    /// The settings of a sink under the key of its kind, as a forwarder has them, without secrets.
    static func redact(sink node: Node) -> Node {
        var walk = ConfigurationWalk(environment: [:]) { _ in nil }
        return walk.component(node, .sink, general: [])
    }

    /// Settings among which no secret is expected; what looks like one is cut all the same.
    static func redact(plain node: Node) -> Node {
        var walk = ConfigurationWalk(environment: [:]) { _ in nil }
        return walk.plain(node)
    }
}

/// Walks a configuration along the components' descriptions.
private struct ConfigurationWalk {
    static var unknown: Node { Node("(not shown: the key is unknown)") }
    static var excess: Node { Node("(not shown: there are too many values)") }

    let environment: [String: String]
    let contents: (String) -> String?
    var secrets = KnownSecrets()
    /// How many values have been looked at: aliases within aliases make billions of a few lines.
    private var count = 0
    private static let maximumCount = 20_000

    init(environment: [String: String], contents: @escaping (String) -> String?) {
        self.environment = environment
        self.contents = contents
    }

    mutating func root(_ node: Node) -> Node {
        members(of: node) { walk, key, value in
            switch key {
            case "sources":
                walk.components(value, .source, general: ["cloud", "region", "format", "ignore", "expect-every"])
            case "forwarders":
                walk.components(
                    value,
                    .sink,
                    general: [
                        "match", "clouds", "protect", "body", "order", "retry", "start", "where", "retention",
                        "enrich-wait", "sync",
                    ]
                )
            case "enrichers": walk.list(value, .enricher)
            case "listen", "store", "metrics", "clock-skew", "limits": walk.plain(value)
            default: walk.hidden(value)
            }
        }
    }

    /// What the user names, each with general keys and one that names its kind.
    private mutating func components(
        _ node: Node,
        _ kind: ComponentDescription.Kind,
        general: Set<String>
    ) -> Node {
        members(of: node) { walk, _, component in walk.component(component, kind, general: general) }
    }

    /// A list of components, each a key that names its kind.
    private mutating func list(_ node: Node, _ kind: ComponentDescription.Kind) -> Node {
        if node.isNull { return node }
        guard let sequence = node.sequence else { return hidden(node) }
        return Node(sequence.map { component($0, kind, general: []) }, .implicit, sequence.style)
    }

    /// One of them.
    mutating func component(_ node: Node, _ kind: ComponentDescription.Kind, general: Set<String>) -> Node {
        members(of: node) { walk, key, value in
            if general.contains(key) { return walk.plain(value) }
            let known = BuiltInComponents.all.first { $0.kind == kind && $0.name == key }
            guard let known else { return walk.hidden(value) }
            return walk.fields(value, of: known.fields)
        }
    }

    private mutating func fields(_ node: Node, of fields: [FieldDescription]) -> Node {
        members(of: node) { walk, key, value in
            guard let field = fields.first(where: { $0.name == key }) else { return walk.hidden(value) }
            switch field.form {
            case .secret, .secrets: return walk.secret(value, isAddress: key.contains("url"))
            case .url: return walk.url(value)
            case .table: return walk.table(value, ofHeaders: key == "headers")
            case .section(let members): return walk.fields(value, of: members)
            case .path:
                if key == "properties-file", let file = value.scalar?.string { walk.learn(properties: file) }
                return walk.plain(value)
            case .string, .boolean, .integer, .duration, .bytes, .choice, .strings:
                return SecretNames.contains(key) && field.form == .string ? walk.secret(value) : walk.plain(value)
            }
        }
    }

    /// A mapping of the same keys; anything else is not what belongs here, and so not shown.
    private mutating func members(of node: Node, _ walk: (inout Self, String, Node) -> Node) -> Node {
        if node.isNull { return node }
        guard let mapping = node.mapping else { return hidden(node) }
        var pairs: [(Node, Node)] = []
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            pairs.append((Node(TextRedaction.redact(name)), walk(&self, name, value)))
        }
        return Node(pairs, .implicit, mapping.style)
    }

    /// Not known to be a secret; what looks like one is cut all the same.
    mutating func plain(_ node: Node) -> Node {
        count += 1
        guard count <= Self.maximumCount else { return Self.excess }
        if let mapping = node.mapping {
            var pairs: [(Node, Node)] = []
            for (key, value) in mapping {
                let name = key.scalar?.string ?? ""
                pairs.append(
                    (Node(TextRedaction.redact(name)), SecretNames.contains(name) ? secret(value) : plain(value))
                )
            }
            return Node(pairs, .implicit, mapping.style)
        }
        if let sequence = node.sequence { return Node(sequence.map { plain($0) }, .implicit, sequence.style) }
        guard let scalar = node.scalar else { return Self.unknown }
        let text = TextRedaction.redact(scalar.string)
        return text == scalar.string ? node : Node(text)
    }

    /// A secret, or a list of them.
    private mutating func secret(_ node: Node, isAddress: Bool = false) -> Node {
        count += 1
        guard count <= Self.maximumCount else { return Self.excess }
        if let sequence = node.sequence {
            return Node(sequence.map { secret($0, isAddress: isAddress) }, .implicit, sequence.style)
        }
        if let mapping = node.mapping {
            guard mapping.count == 1, let file = mapping["file"]?.scalar?.string else { return hidden(node) }
            if let text = contents(file) { secrets.add(text) }
            return Node([(Node("file"), Node(TextRedaction.redact(file)))], .implicit, .flow)
        }
        guard let scalar = node.scalar, !node.isNull else { return node.isNull ? node : Self.unknown }
        learn(scalar.string)
        if scalar.string.wholeMatch(of: /\$\{[A-Za-z_][A-Za-z0-9_]*\}/) != nil { return node }
        return Node(isAddress ? Self.address(scalar.string) : TextRedaction.mark)
    }

    /// A URL: some services have their secret in the path.
    private mutating func url(_ node: Node) -> Node {
        guard let scalar = node.scalar, !node.isNull else { return node.isNull ? node : hidden(node) }
        let text = scalar.string
        if text.contains("${") || text.contains("@") { learn(text) }
        guard let start = text.firstRange(of: "://")?.upperBound else { return Self.unknown }
        let end = text[start...].firstIndex { "/?#".contains($0) } ?? text.endIndex
        let path = text[end...].dropFirst()
        // A short one is a word that stands elsewhere too, and no secret.
        if path.count >= 16 { learn(String(path)) }
        return Node(TextRedaction.redact(String(text[..<end])) + (path.isEmpty ? "" : "/…"))
    }

    /// Properties: their names say which of them are secret. Headers: of most of them nobody can tell.
    private mutating func table(_ node: Node, ofHeaders isOfHeaders: Bool) -> Node {
        members(of: node) { walk, key, value in
            let isSafe = ["content-type", "accept", "user-agent"].contains(key.lowercased())
            return SecretNames.contains(key) || isOfHeaders && !isSafe ? walk.secret(value) : walk.plain(value)
        }
    }

    /// It may be a secret under a wrong name: cut wherever else it stands.
    private mutating func hidden(_ node: Node) -> Node {
        if node.isNull { return node }
        if let text = node.scalar?.string, !["true", "false"].contains(text), Double(text) == nil { learn(text) }
        for (key, value) in node.mapping ?? [:] where SecretNames.contains(key.scalar?.string ?? "") {
            _ = secret(value)
        }
        return Self.unknown
    }

    /// Notes a secret, and what `${NAME}` in it stands for.
    private mutating func learn(_ text: String) {
        if !text.contains("${") { secrets.add(text) }
        for match in text.matches(of: /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/) {
            if let value = environment[String(match.1)] { secrets.add(value) }
        }
    }

    /// Notes the secrets of a Java properties file, which is not shown.
    private mutating func learn(properties file: String) {
        // A backslash at its end has a line go on in the next one.
        let text = contents(file)?.replacing(/\\\r?\n[ \t\f]*/, with: "") ?? ""
        for line in text.split(separator: "\n") {
            guard let end = line.firstIndex(where: { "=: \t".contains($0) }), SecretNames.contains(String(line[..<end]))
            else { continue }
            secrets.add(String(line[end...].drop { "=: \t".contains($0) }))
            // JAAS has several values in one, the secret ones in quotes.
            for match in line.matches(of: /"((?:[^"\\]|\\.)*)"/) { secrets.add(String(match.1)) }
        }
    }

    /// Of an address that holds a password: hosts and path, but nothing after a question mark.
    private static func address(_ text: String) -> String {
        let address = TextRedaction.redact(String(text.prefix { $0 != "?" && $0 != "#" }))
        return address.contains("://") ? address : TextRedaction.mark
    }
}
