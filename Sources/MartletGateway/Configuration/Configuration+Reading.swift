import Foundation
import MartletClouds
import Martlet
import MartletConnectors
import MartletEnrichers
import MartletPipeline
import Yams

extension Configuration {
    /// Reads a configuration.
    ///
    /// - Parameters:
    ///   - text: YAML.
    ///   - file: its name, for the findings.
    ///   - environment: where `${NAME}` is looked up.
    /// - Throws: ``ConfigurationError`` with everything that is wrong, in the order of the file.
    package init(text: String, file: String, environment: [String: String]) throws(ConfigurationError) {
        let reader = ConfigurationReader(environment: environment)
        let root = Configuration.compose(text, reader)
        self.init(root: root, reader)
        let findings = reader.findings.sorted()
        guard !findings.contains(where: { $0.severity == .error }) else {
            throw ConfigurationError(file: file, findings: findings)
        }
        warnings = findings
    }

    /// Reads a configuration file.
    ///
    /// - Throws: ``ConfigurationError``, also where the file cannot be read.
    package init(contentsOf file: String, environment: [String: String]) throws(ConfigurationError) {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            let finding = Finding(
                severity: .error,
                line: 1,
                column: 1,
                path: "",
                message: "the file cannot be read: \(error.localizedDescription)"
            )
            throw ConfigurationError(file: file, findings: [finding])
        }
        try self.init(text: text, file: file, environment: environment)
    }

    private static func compose(_ text: String, _ reader: ConfigurationReader) -> Node {
        let empty = Node([(Node, Node)]())
        do {
            return try Yams.compose(yaml: text) ?? empty
        } catch let error as YamlError {
            reader.report(error.problem, line: error.line, column: error.column)
        } catch {
            reader.report("is no YAML: \(error)", at: nil, path: "")
        }
        return empty
    }

    private init(root: Node, _ reader: ConfigurationReader) {
        listen = Listen(host: "127.0.0.1", port: 8585)
        store = Store(path: "./martlet-data", isSynchronous: true)
        sources = []
        enrichers = []
        forwarders = []
        readers = []
        arePublicMetrics = false
        clockSkew = .seconds(5)
        bodyLimit = 16 << 20
        maximumConnections = 1_024
        var hasSources = false
        let known = [
            "listen", "store", "sources", "enrichers", "forwarders", "readers", "metrics", "clock-skew", "limits",
        ]
        for (key, _, node) in reader.mapping(root, path: "", known: known) {
            switch key {
            case "listen": listen = reader.listen(node, path: key) ?? listen
            case "store": readStore(node, reader)
            case "sources":
                hasSources = true
                sources = reader.mapping(node, path: key, known: nil).compactMap {
                    reader.source($0.key, $0.value, path: "sources.\($0.key)")
                }
            case "forwarders":
                forwarders = reader.mapping(node, path: key, known: nil).compactMap {
                    reader.forwarder($0.key, $0.value, path: "forwarders.\($0.key)")
                }
            case "metrics":
                for (key, _, value) in reader.mapping(node, path: "metrics", known: ["public"]) {
                    arePublicMetrics = reader.boolean(value, path: "metrics.\(key)") ?? false
                }
            case "clock-skew": clockSkew = reader.duration(node, path: key) ?? clockSkew
            case "readers": readers = reader.readers(node, path: key)
            case "enrichers": enrichers = reader.enrichers(node, path: key)
            default: readLimits(node, reader)
            }
        }
        BrokerConflicts(reader: reader, root: root).check(self)
        if !hasSources {
            let standard = (try? Configuration(text: Configuration.defaultText, file: "", environment: [:]))?.sources
            sources = standard ?? []
        }
        nameForeignClouds()
    }

    /// Tells the protections which clouds' templates are no images of OpenStack's: those of which only CloudStack tells.
    private mutating func nameForeignClouds() {
        let others =
            sources.filter { $0.format != CloudStackFormat.name }.map(\.origin.cloud)
            + enrichers.filter { $0.kind == OpenStackEnricher.description.name }
            .compactMap { $0.settings.string("cloud") }
        let clouds = Set(sources.map(\.origin.cloud)).subtracting(others)
        for index in forwarders.indices {
            forwarders[index].protection = forwarders[index].protection.knowing(foreignClouds: clouds)
        }
        for index in readers.indices {
            readers[index].protection = readers[index].protection.knowing(foreignClouds: clouds)
        }
    }

    private mutating func readStore(_ node: Node, _ reader: ConfigurationReader) {
        for (key, _, value) in reader.mapping(node, path: "store", known: ["path", "synchronous", "retain"]) {
            switch key {
            case "path": store.path = reader.string(value, path: "store.path") ?? store.path
            case "retain": store.retention = reader.retention(value, path: "store.retain")
            default: store.isSynchronous = reader.boolean(value, path: "store.synchronous") ?? true
            }
        }
    }

    private mutating func readLimits(_ node: Node, _ reader: ConfigurationReader) {
        for (key, _, value) in reader.mapping(node, path: "limits", known: ["body", "connections"]) {
            switch key {
            case "body": bodyLimit = reader.byteCount(value, path: "limits.body") ?? bodyLimit
            default:
                maximumConnections =
                    reader.integer(value, path: "limits.connections", in: 1...100_000) ?? maximumConnections
            }
        }
    }
}

extension ConfigurationReader {
    func report(_ problem: String, line: Int, column: Int) {
        findings.append(Finding(severity: .error, line: line, column: column, path: "", message: problem))
    }

    /// `HOST:PORT`, an IPv6 address in brackets.
    func listen(_ node: Node, path: String) -> Configuration.Listen? {
        guard let text = string(node, path: path) else { return nil }
        guard let listen = Configuration.Listen(text) else {
            report("is “\(text)”, and should be HOST:PORT, as 127.0.0.1:8585 or [::1]:8585", at: node, path: path)
            return nil
        }
        return listen
    }

    func patterns(_ node: Node, path: String) -> [TopicPattern] {
        strings(node, path: path).compactMap { pattern($0, at: node, path: path) }
    }

    func pattern(_ text: String, at node: Node, path: String) -> TopicPattern? {
        do {
            return try TopicPattern(text)
        } catch {
            report("is no topic pattern: \(error)", at: node, path: path)
            return nil
        }
    }

    /// The one key of a component that names its kind, and its settings.
    func component(
        _ members: [(key: String, keyNode: Node, value: Node)],
        at node: Node,
        path: String,
        what: String,
        descriptions: [ComponentDescription]
    ) -> (kind: String, settings: ComponentSettings)? {
        let kinds = members.filter { member in descriptions.contains { $0.name == member.key } }
        guard let member = kinds.first, let description = descriptions.first(where: { $0.name == member.key }) else {
            let names = descriptions.map(\.name).sorted().joined(separator: ", ")
            report("names no \(what); one of these keys says what it is: \(names)", at: node, path: path)
            return nil
        }
        for other in kinds.dropFirst() {
            report("there is a \(what) already, \(member.key); take one of them out", at: other.keyNode, path: path)
        }
        let settings = settings(
            member.value,
            at: member.keyNode,
            path: path.appending(key: member.key),
            of: description.fields
        )
        return (member.key, settings)
    }

    /// Reads the fields of a component, or of a section of one, by their descriptions.
    private func settings(
        _ node: Node,
        at keyNode: Node,
        path: String,
        of fields: [FieldDescription]
    ) -> ComponentSettings {
        var values: [String: ComponentSettings.Value] = [:]
        var given: Set<String> = []
        for (key, _, value) in mapping(node, path: path, known: fields.map(\.name)) {
            guard let field = fields.first(where: { $0.name == key }) else { continue }
            given.insert(key)
            values[key] = self.value(value, path: path.appending(key: key), of: field)
        }
        for field in fields where !given.contains(field.name) {
            if field.isRequired {
                report("“\(field.name)” is missing: \(field.summary)", at: keyNode, path: path)
            } else if let text = field.defaultText {
                values[field.name] = value(Node(text), path: path.appending(key: field.name), of: field)
            }
        }
        return ComponentSettings(values)
    }

    private func value(_ node: Node, path: String, of field: FieldDescription) -> ComponentSettings.Value? {
        switch field.form {
        case .string, .secret, .path: string(node, path: path).map { .string($0) }
        case .url: url(node, path: path).map { .string($0) }
        case .boolean: boolean(node, path: path).map { .boolean($0) }
        case .integer(let range): integer(node, path: path, in: range).map { .integer($0) }
        case .duration: duration(node, path: path).map { .duration($0) }
        case .bytes: byteCount(node, path: path).map { .integer($0) }
        case .choice(let choices): choice(node, path: path, of: choices).map { .string($0) }
        case .strings, .secrets: .strings(strings(node, path: path))
        case .table: .table(table(node, path: path))
        case .section(let fields): .section(settings(node, at: node, path: path, of: fields))
        }
    }

    private func url(_ node: Node, path: String) -> String? {
        guard let text = string(node, path: path) else { return nil }
        guard let components = URLComponents(string: text), ["http", "https"].contains(components.scheme ?? ""),
            components.host?.isEmpty == false
        else {
            report("is “\(text)”, and should be a URL such as https://host/path", at: node, path: path)
            return nil
        }
        return text
    }
}

extension Configuration.Listen: LosslessStringConvertible {
    /// `HOST:PORT`, an IPv6 address in brackets.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: host, port: Int(port))
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension YamlError {
    fileprivate var problem: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _):
            "is no YAML: \(problem)"
        case .duplicatedKeysInMapping(let keys, _):
            "the key “\(keys.joined(separator: "”, “"))” stands twice in one mapping; take one of them out"
        // The error's own text would quote the file, secrets included.
        default: "is no YAML that can be read"
        }
    }

    fileprivate var mark: Mark? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark
        case .duplicatedKeysInMapping(_, let context): context.mark
        default: nil
        }
    }

    fileprivate var line: Int { mark?.line ?? 1 }
    fileprivate var column: Int { mark?.column ?? 1 }
}
