import Martlet
import MartletJSON
import Testing

struct CloudEventEncoderTests {
    private static func encode(_ event: Event, data: CloudEventData = .payload) -> String {
        var writer = JSONWriter()
        CloudEventEncoder().encode(event, data: data, into: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func decode(_ bytes: Bytes, headers: [String: String] = [:]) throws -> Event {
        let message = Message(bytes: bytes, json: try? JSONDocument(parsing: bytes).root, headers: headers)
        return try CloudEventsFormat().decode(message, from: Origin(sourceName: "prod"))
    }

    private static func event(_ data: String, content: Payload.Content? = nil) -> Event {
        let bytes = Array(data.utf8)[...]
        var fields = Event.Fields(
            id: "i\"1",
            source: "/clouds/prod/nova",
            type: "t",
            cloud: "prod",
            topic: Topic(text: "a.b.*"),
            payload: Payload(original: bytes, content: content ?? .json(0..<bytes.count))
        )
        fields.dataContentType = "application/json"
        fields.dataSchema = "urn:s"
        fields.time = Timestamp("2026-01-30T11:38:35.5Z")
        return Event(fields: fields)
    }

    /// An event with everything that a client may set.
    private static var full: Event {
        event(#"{"n": 1.50}"#).with { fields in
            fields.region = "north"
            fields.category = .alert
            fields.resource = ResourceReference(type: "VirtualMachine", id: "9c/3d é")
            fields.phase = .progress
            fields.outcome = .success
            fields.oldState = "A b"
            fields.newState = "100% \"B\""
            fields.operationID = "o"
            fields.severity = .critical
            fields.tenantID = "t"
            fields.domainID = "d"
            fields.actorID = "a"
            fields.isRedacted = true
            fields.extensions = ["zulu": .string("z"), "alpha": .integer(-5), "mike": .boolean(false)]
        }
    }

    @Test func `an event is written with its attributes first, extensions by name, and its data spliced`() {
        var event = Self.event(#"{"n": 1.50}"#).with { $0.extensions = ["b": .integer(2), "a": .boolean(false)] }
        event = event.with { fields in
            fields.position = Position(rawValue: 9_007_199_254_740_993)
            fields.isStale = true
            fields.resource = ResourceReference(type: "Volume", id: "v")
        }
        #expect(
            Self.encode(event) == #"{"specversion":"1.0","id":"i\"1","source":"/clouds/prod/nova","type":"t","#
                + #""subject":"Volume/v","time":"2026-01-30T11:38:35.500Z","datacontenttype":"application/json","#
                + #""dataschema":"urn:s","cloud":"prod","category":"other","resourcetype":"Volume","resourceid":"v","#
                + #""stale":true,"partitionkey":"prod/Volume/v","position":"9007199254740993","topic":"a.b.*","#
                + #""a":false,"b":2,"data":{"n": 1.50}}"#
        )
    }

    @Test func `what a client may set survives the JSON format`() throws {
        let event = Self.full
        let bytes = Array(Self.encode(event).utf8)[...]
        let decoded = try Self.decode(bytes)
        #expect(decoded.payload.json.map(Array.init) == event.payload.json.map(Array.init))
        // The original is now the structured event; everything else is equal.
        #expect(decoded.with { $0.payload = event.payload } == event)
        #expect(Self.encode(decoded) == Self.encode(event))
    }

    @Test func `what a client may set survives HTTP's binary mode, where all extensions are text`() throws {
        let event = Self.full
        let pairs = CloudEventEncoder().binaryHeaders(for: event)
        #expect(pairs.allSatisfy { $0.value.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
        let headers = Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.value) })
        #expect(headers["ce-subject"] == "VirtualMachine/9c/3d%20%C3%A9")
        #expect(headers["ce-newstate"] == "100%25%20%22B%22")
        #expect(headers["content-type"] == "application/json")
        let decoded = try Self.decode(CloudEventEncoder().binaryBody(for: event), headers: headers)
        let expected = event.with { fields in
            fields.extensions = fields.extensions.mapValues { .string($0.description) }
        }
        #expect(decoded == expected)
    }

    @Test func `unknown words survive, and no name is written twice`() throws {
        let text =
            #"{"specversion":"1.0","id":"1","source":"s","type":"t","subject":"T/i","category":"weird","#
            + #""severity":"x","resourcetype":"half","topic":"a"}"#
        let event = try Self.decode(Array(text.utf8)[...])
        let encoded = Self.encode(event)
        let document = try JSONDocument(parsing: Array(encoded.utf8)[...])
        let names = document.root.members.map(\.key)
        #expect(Set(names).count == names.count)
        #expect(document.root["category"]?.string == "weird")
        #expect(document.root["severity"]?.string == "x")
        #expect(document.root["resourcetype"]?.string == "T")
    }

    @Test func `given data replaces the payload and its description`() {
        let encoded = Self.encode(
            Self.event("<x/>", content: .binary).with { $0.dataContentType = "text/xml" },
            data: .json(Array(#"{"original":null}"#.utf8)[...])
        )
        #expect(encoded.hasSuffix(#","data":{"original":null}}"#))
        #expect(encoded.contains(#""datacontenttype":"application/json""#))
        #expect(!encoded.contains("dataschema"))
        #expect(!encoded.contains("data_base64"))
    }

    @Test func `attributes alone have no data`() {
        let encoded = Self.encode(Self.full, data: .none)
        #expect(!encoded.contains(#""data":"#))
        #expect(CloudEventEncoder().binaryBody(for: Self.full, data: .none).isEmpty)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("~~~?", "fn5+Pw=="),
    ])
    func `bytes travel in base64 and come back`(_ bytes: String, _ base64: String) throws {
        let encoded = Self.encode(Self.event(bytes, content: .binary))
        #expect(encoded.hasSuffix(#","data_base64":"\#(base64)"}"#))
        let decoded = try Self.decode(Array(encoded.utf8)[...])
        #expect(Array(CloudEventEncoder().binaryBody(for: decoded)) == Array(bytes.utf8))
        #expect(Self.encode(decoded) == encoded)
    }

    @Test func `escaped base64 comes out as the bytes it stands for`() throws {
        let text = #"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"\/\/8="}"#
        let event = try Self.decode(Array(text.utf8)[...])
        #expect(Array(CloudEventEncoder().binaryBody(for: event)) == [0xFF, 0xFF])
    }

    @Test func `a batch is an array`() throws {
        var writer = JSONWriter()
        CloudEventEncoder().encode(batch: [Self.full, Self.full], into: &writer)
        let document = try JSONDocument(parsing: writer.bytes[...])
        #expect(document.root.count == 2)
        #expect(document.root[1]?["id"]?.string == "i\"1")
    }
}
