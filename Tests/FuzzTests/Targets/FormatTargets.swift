import Martlet
@testable import MartletClouds
import MartletJSON
@testable import MartletPipeline

/// What makes events of bytes.
enum FormatTargets {
    static let all = [cloudStack, oslo, cloudEvents, binaryCloudEvents, credentials]
    static let origin = Origin(sourceName: "fuzz", cloud: "prod", region: "one")

    /// The routing key stands on the first line; an empty one is none.
    private static let cloudStack = FuzzTarget(name: "cloudstack") { bytes in
        var input = FuzzInput(bytes)
        let key = input.text()
        try check(
            Message(bytes: input.rest, json: json(input.rest), routingKey: key.isEmpty ? nil : key),
            by: CloudStackDecoder()
        )
    }

    /// A notification, enveloped or not: what is stored is JSON again, without credentials and most of the context, and reads
    /// as the same event.
    private static let oslo = FuzzTarget(name: "oslo") { bytes in
        let message = Message(bytes: bytes, json: json(bytes))
        guard let (event, facts) = try? OsloDecoder().decode(message, from: origin) else { return }
        let stored = event.payload.original
        guard let root = json(stored) else { throw FuzzFinding("what is stored is no JSON") }
        try demand(Credentials.cut(from: stored) == nil, "credentials are left")
        for member in root.members where member.key.hasPrefix("_context_") {
            try demand(RequestContext.keeps(Array(member.key.utf8.dropFirst(9))[...]), "\(member.key) is left")
        }
        if let details = facts?.details { try demand(json(details) != nil, "the document is no JSON") }
        let again = try OsloDecoder().decode(Message(bytes: stored, json: root), from: origin).0
        try demand(again.with { $0.isRedacted = event.fields.isRedacted } == event, "read again it is another event")
        try checkWaysOut(of: event)
    }

    /// One event, or a batch of them.
    private static let cloudEvents = FuzzTarget(name: "cloudevents") { bytes in
        guard let root = json(bytes) else { return }
        for event in root.kind == .array ? Array(root.elements) : [root] {
            try check(Message(bytes: event.bytes, json: event), by: CloudEventsDecoder())
        }
    }

    /// Headers, one on each line, then an empty line and the body: HTTP's, AMQP's and Kafka's bindings.
    private static let binaryCloudEvents = FuzzTarget(name: "cloudevents-binary") { bytes in
        var input = FuzzInput(bytes)
        var headers: [String: String] = [:]
        while case let line = input.text(), !line.isEmpty {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1]) : ""
        }
        try check(Message(bytes: input.rest, json: json(input.rest), headers: headers), by: CloudEventsDecoder())
    }

    /// A value that stands under a credential's name, wherever in the document, is gone afterwards.
    private static let credentials = FuzzTarget(name: "credentials") { bytes in
        var input = FuzzInput(bytes)
        let names = ["password", "secretKey", "_context_auth_token", "sessionkey", "X-Auth-Token", "signature"]
        let name = names[Int(input.byte()) % names.count]
        let once = Credentials.cut(from: input.rest)
        guard json(input.rest) != nil else { return }
        if let once { try demand(json(once) != nil, "what is left is no JSON") }
        for place in input.rest.indices.filter({ input.rest[$0] == UInt8(ascii: "{") }).prefix(16) {
            let rest = input.rest[(place + 1)...].drop { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
            let comma = rest.first == UInt8(ascii: "}") ? "" : ","
            let seeded =
                input.rest[...place] + Array(#""\#(name)":"s33ded-v4lue"\#(comma)"#.utf8) + input.rest[(place + 1)...]
            // A brace within a string is no object.
            guard let value = json(seeded), value.hasMember(name) else { continue }
            guard let cut = Credentials.cut(from: seeded), !contains(cut, "s33ded-v4lue") else {
                throw FuzzFinding("a credential named \(name) is left")
            }
        }
    }

    /// An event that can be read can be written, sent and read again.
    private static func check(_ message: Message, by decoder: some EventDecoder) throws {
        guard let (event, _) = try? decoder.decode(message, from: origin) else { return }
        if message.json != nil, Credentials.cut(from: message.bytes) != nil {
            try demand(event.fields.isRedacted, "credentials were cut, and the event does not say so")
        }
        try checkWaysOut(of: event)
    }

    private static func checkWaysOut(of event: Event) throws {
        let stored = StoredEvent(event: event, resourceKey: nil, changes: nil)
        for form in [BodyForm.event, .enriched] {
            let body = Gate().render(stored, resource: nil, as: form).body
            try demand(json(body[...]) != nil, "the body \(form) is no JSON")
        }
        // A store names the events whose origins do not.
        try roundTrip(event.id.isEmpty ? event.with { $0.id = "0" } : event)
    }

    private static func roundTrip(_ event: Event) throws {
        let structured = structured(event)
        guard let value = json(structured) else { throw FuzzFinding("the encoded event is no JSON") }
        try compare(event, Message(bytes: structured, json: value), "structured")
        let headers = CloudEventEncoder().binaryHeaders(for: event)
        for (name, value) in headers where name != "content-type" {
            try demand(
                value.utf8.allSatisfy { (0x21...0x7E).contains($0) } || value.isEmpty,
                "the header \(name) holds what no header may"
            )
        }
        let body = CloudEventEncoder().binaryBody(for: event)
        let table = Dictionary(headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        try compare(event, Message(bytes: body, json: json(body), headers: table), "binary")
    }

    /// An event as CloudEvents' JSON format has it.
    static func structured(_ event: Event) -> Bytes {
        var writer = JSONWriter()
        CloudEventEncoder().encode(event, into: &writer)
        return writer.bytes[...]
    }

    /// Every attribute that others may set is the same after a way out and in again.
    static func compare(_ event: Event, _ message: Message, _ way: String) throws {
        let again: Event
        do {
            again = try CloudEventsFormat().decode(message, from: origin)
        } catch {
            throw FuzzFinding("the event cannot be read again (\(way)): \(error)")
        }
        for name in AttributeName.allCases where !unsaid.contains(name) {
            let (old, new) = (event.attribute(name), again.attribute(name))
            try demand(
                old == new || (old ?? "").isEmpty && (new ?? "").isEmpty,
                "\(way): \(name) was \(old ?? "nil") and is \(new ?? "nil")"
            )
        }
        for (name, value) in event.fields.extensions where AttributeName(rawValue: name) == nil {
            try demand(
                again.fields.extensions[name]?.description == value.description,
                "\(way): the extension \(name) is lost"
            )
        }
    }

    /// What only Martlet says, or what a binding may add.
    private static let unsaid: Set<AttributeName> = [
        .stale, .replay, .impossibletransition, .partitionkey, .recordedtime, .position, .datacontenttype,
    ]

    static func json(_ bytes: Bytes) -> JSONValue? { try? JSONDocument(parsing: bytes).root }

    private static func contains(_ bytes: Bytes, _ text: String) -> Bool {
        bytes.firstRange(of: Array(text.utf8)) != nil
    }
}

extension JSONValue {
    /// Whether a member of this name stands anywhere in the value.
    fileprivate func hasMember(_ name: String) -> Bool {
        members.contains { $0.key == name || $0.value.hasMember(name) } || elements.contains { $0.hasMember(name) }
    }
}
