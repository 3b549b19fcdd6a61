import Martlet
import MartletJSON
import MartletPipeline
import Yams

/// What `POST /v1/replays` asks for, read as a configuration is.
struct ReplayDefinition: Sendable {
    enum Target: Sendable {
        case forwarder(String)
        /// A sink of its own, as a forwarder would have it.
        case own(Configuration.ForwarderConfiguration)
    }

    var target: Target
    /// Events have to pass this one and, to a forwarder's destination, that forwarder's too.
    var filter: EventFilter

    /// The keys that say where in the log and how fast; they are read by whoever takes the request.
    static let courseKeys = ["from", "to", "rate", "note", "after"]
    private static let ownKeys = ["body", "protect", "order", "retry"]
    private static let keys = ["forwarder", "sink", "match", "clouds"] + ownKeys + courseKeys

    /// Reads a definition.
    ///
    /// - Parameters:
    ///   - json: as it was sent. Without escapes JSON is YAML too; with them it is not, for a character outside of the basic plane.
    ///   - environment: where `${NAME}` is looked up.
    /// - Throws: ``ReplayError`` with all that is wrong.
    init(_ json: [UInt8], environment: [String: String]) throws(ReplayError) {
        let reader = ConfigurationReader(environment: environment)
        let root: Node
        do {
            root = try Yams.compose(yaml: Self.withoutEscapes(json)) ?? Node([(Node, Node)]())
        } catch {
            throw ReplayError(.invalid, "The definition of the replay cannot be read.")
        }
        let definition = ReplayDefinition(root, reader)
        let errors = reader.findings.filter { $0.severity == .error }
        if let first = errors.first { throw ReplayError(errors, field: first.path) }
        guard let definition else { throw ReplayError(.invalid, "The definition of the replay cannot be read.") }
        self = definition
    }

    /// The same with characters for their escapes; what is no JSON as it is.
    private static func withoutEscapes(_ json: [UInt8]) -> String {
        guard let document = try? JSONDocument(parsing: json[...]) else { return String(decoding: json, as: UTF8.self) }
        var writer = JSONWriter(reservingCapacity: json.count)
        writer.plain(document.root)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private init?(_ root: Node, _ reader: ConfigurationReader) {
        let members = reader.mapping(root, path: "", known: Self.keys).filter { !$0.value.isNull }
        filter = EventFilter()
        var forwarder: String?
        var sink: Node?
        var own: [(Node, Node)] = []
        for (key, keyNode, value) in members {
            switch key {
            case "forwarder": forwarder = reader.string(value, path: key)
            case "sink": sink = Self.sinkNode(value, reader)
            case "match": filter.matches = reader.matches(value, path: key)
            case "clouds": filter.clouds = Set(reader.strings(value, path: key))
            case _ where Self.ownKeys.contains(key): own.append((keyNode, value))
            default: break
            }
        }
        let names = members.map(\.key)
        switch (names.contains("forwarder"), names.contains("sink")) {
        case (true, false):
            for (key, _) in own {
                let text = "is the forwarder's own, as it is configured today; it can be said with “sink” only"
                reader.report(text, at: key, path: key.scalar?.string ?? "")
            }
            guard let forwarder else { return nil }
            target = .forwarder(forwarder)
        case (false, true):
            guard let sink, let mapping = sink.mapping else { return nil }
            let node = Node(mapping.map { ($0.key, $0.value) } + own)
            guard let configuration = reader.forwarder("replay", node, path: "") else { return nil }
            target = .own(configuration)
        case (true, true):
            reader.report("say either “forwarder” or “sink”, not both", at: root, path: "sink")
            return nil
        case (false, false):
            let text = "say where to: “forwarder” with a forwarder's name, or “sink” with the settings of one"
            reader.report(text, at: root, path: "forwarder")
            return nil
        }
    }

    /// The settings of a sink: a mapping, or the text of one in YAML.
    static func sinkNode(_ node: Node, _ reader: ConfigurationReader) -> Node? {
        guard let text = node.scalar?.string else {
            if node.mapping == nil {
                reader.report("names no sink, as file: { path: /tmp/out.jsonl } does", at: node, path: "sink")
            }
            return node
        }
        guard let composed = try? Yams.compose(yaml: text), composed.mapping != nil else {
            reader.report("is no sink in YAML, as file: { path: /tmp/out.jsonl } is", at: node, path: "sink")
            return nil
        }
        return composed
    }
}

extension ReplayError {
    /// Several findings as one sentence each.
    fileprivate init(_ findings: [Finding], field: String) {
        let sentences = findings.prefix(8).map { $0.path.isEmpty ? $0.message : "\($0.path): \($0.message)" }
        let text = sentences.joined(separator: "; ")
        self.init(.invalid, text.last == "." ? text : text + ".", field: field.isEmpty ? nil : field)
    }
}

extension JSONWriter {
    /// Writes a value anew: its strings with no escapes but those that JSON demands.
    fileprivate mutating func plain(_ value: JSONValue) {
        switch value.kind {
        case .object:
            beginObject()
            for member in value.members {
                key(member.key)
                plain(member.value)
            }
            endObject()
        case .array:
            beginArray()
            for element in value.elements { plain(element) }
            endArray()
        case .string:
            if let text = value.string { string(text) } else { raw(value.bytes) }
        case .number, .boolean, .null: raw(value.bytes)
        }
    }
}
