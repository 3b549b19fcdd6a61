import Martlet
import MartletJSON
import Testing

struct CloudEventsFormatTests {
    private static let origin = Origin(sourceName: "intake", cloud: "prod", region: "north")

    private static func decode(
        _ text: String,
        headers: [String: String] = [:],
        routingKey: String? = nil
    ) throws -> Event {
        let bytes = Array(text.utf8)[...]
        let json = try? JSONDocument(parsing: bytes).root
        let message = Message(bytes: bytes, json: json, routingKey: routingKey, headers: headers)
        return try CloudEventsFormat().decode(message, from: origin)
    }

    /// A structured event with the required attributes and these further members.
    private static func structured(_ members: String...) throws -> Event {
        try decode(
            "{"
                + ([#""specversion":"1.0","id":"1","source":"/clouds/prod/nova","type":"t.x""#] + members)
                .joined(separator: ",") + "}"
        )
    }

    private static func text(_ bytes: Bytes?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    // MARK: Structured mode

    @Test func `Martlet's own attributes become fields`() throws {
        let event = try Self.structured(
            #""time":"2026-01-30T11:38:35.123Z","dataschema":"urn:s","category":"usage","resourcetype":"Volume""#,
            #""resourceid":"v1","phase":"completed","outcome":"failure","oldstate":"A","newstate":"B","tenantid":"t""#,
            #""domainid":"d","actorid":"a","operationid":"o","severity":"error","region":"south","custom1":true"#,
            #""custom2":-7,"custom3":"x","data":{"a":1}"#
        )
        let fields = event.fields
        #expect(event.time == Timestamp("2026-01-30T11:38:35.123Z"))
        #expect(fields.dataSchema == "urn:s")
        #expect(event.category == .usage)
        #expect(event.resource == ResourceReference(type: "Volume", id: "v1"))
        #expect(fields.phase == .completed)
        #expect(fields.outcome == .failure)
        #expect(fields.oldState == "A")
        #expect(fields.newState == "B")
        #expect(fields.tenantID == "t")
        #expect(fields.domainID == "d")
        #expect(fields.actorID == "a")
        #expect(fields.operationID == "o")
        #expect(fields.severity == .error)
        #expect(fields.region == "south")
        #expect(event.cloud == "prod")
        #expect(fields.extensions == ["custom1": .boolean(true), "custom2": .integer(-7), "custom3": .string("x")])
        #expect(event.topic.text == "nova.UsageEvent.t-x.Volume.v1")
    }

    @Test func `what only Martlet may say is ignored`() throws {
        let event = try Self.structured(
            #""position":99999999999,"recordedtime":"2026-01-30T11:38:35Z","stale":true,"replay":true"#,
            #""impossibletransition":true,"partitionkey":"x","cloud":"other""#
        )
        let plain = try Self.structured()
        #expect(event.with { $0.payload = plain.payload } == plain)
        #expect(event.cloud == "prod")
    }

    @Test func `an unknown word of an enumeration stays as an extension`() throws {
        let event = try Self.structured(#""severity":"x","category":"weird","phase":"later","outcome":"maybe""#)
        #expect(event.fields.severity == nil)
        #expect(event.category == .other)
        #expect(
            event.fields.extensions == [
                "severity": .string("x"), "category": .string("weird"), "phase": .string("later"),
                "outcome": .string("maybe"),
            ]
        )
    }

    @Test(
        arguments: [
            ("VirtualMachine/9c3d", ResourceReference(type: "VirtualMachine", id: "9c3d"), nil),
            ("a/b/c", nil, "a/b/c"), ("plain", nil, "plain"), ("/b", nil, "/b"), ("a/", nil, "a/"),
        ] as [(String, ResourceReference?, String?)]
    )
    func `a subject of a type and an id is the resource`(
        _ subject: String,
        _ resource: ResourceReference?,
        _ own: String?
    ) throws {
        let event = try Self.structured(#""subject":"\#(subject)""#)
        #expect(event.resource == resource)
        #expect(event.fields.ownSubject == own)
        #expect(event.subject == subject)
    }

    @Test func `half a resource is none and passes through`() throws {
        let event = try Self.structured(#""resourceid":"v1""#)
        #expect(event.resource == nil)
        #expect(event.fields.extensions == ["resourceid": .string("v1")])
    }

    @Test func `the topic is the attribute, else the routing key, else made of the event`() throws {
        let required = #""specversion":"1.0","id":"1","source":"https://h/p/nova?x=/y","type":"t""#
        let both = try Self.decode(#"{\#(required),"topic":"a.b"}"#, routingKey: "c.d")
        #expect(both.topic.text == "a.b")
        #expect(try Self.decode("{\(required)}", routingKey: "c.d").topic.text == "c.d")
        #expect(try Self.decode("{\(required)}").topic.text == "nova.Event.t.*.*")
    }

    @Test func `data keeps its bytes, and null and absent ones are told apart`() throws {
        let text = #"{"specversion":"1.0","id":"1", "data" : {"b": [1 , 2.50]} ,"source":"s","type":"t"}"#
        let event = try Self.decode("  " + text + "\n")
        #expect(Self.text(event.payload.json) == #"{"b": [1 , 2.50]}"#)
        #expect(Self.text(event.payload.original) == text)
        #expect(try Self.structured().payload.content == .absent)
        #expect(Self.text(try Self.structured(#""data":null"#).payload.json) == "null")
    }

    @Test func `an event within a batch has offsets of its own`() throws {
        let one = #"{"specversion":"1.0","id":"1","source":"s","type":"t","data":"é"}"#
        let document = try JSONDocument(parsing: Array("[\(one),\(one)]".utf8)[...])
        for element in document.root.elements {
            let message = Message(bytes: element.bytes, json: element)
            let event = try CloudEventsFormat().decode(message, from: Self.origin)
            #expect(Self.text(event.payload.json) == #""é""#)
            #expect(Self.text(event.payload.original) == one)
        }
    }

    @Test(arguments: [
        (#""data_base64":"AAEC""#, "AAEC"), (#""data_base64":"""#, ""), (#""data_base64":"\/w==""#, #"\/w=="#),
    ])
    func `base64 is kept as it came`(_ member: String, _ content: String) throws {
        #expect(Self.text(try Self.structured(member).payload.base64) == content)
    }

    // MARK: Refusals

    @Test(arguments: [
        (#"{"id":"1","source":"s","type":"t"}"#, #"the attribute "specversion" is missing"#),
        (#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#, #""0.3", and only "1.0""#),
        (#"{"specversion":"1.0","source":"s","type":"t"}"#, #"the attribute "id" is missing"#),
        (#"{"specversion":"1.0","id":"","source":"s","type":"t"}"#, #"the attribute "id" is empty"#),
        (#"{"specversion":"1.0","id":7,"source":"s","type":"t"}"#, #"the attribute "id" is no string"#),
        (#"{"specversion":"1.0","id":"1","type":"t"}"#, #"the attribute "source" is missing"#),
        (#"{"specversion":"1.0","id":"1","source":"s","type":null}"#, #"the attribute "type" is missing"#),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"noon"}"#, #""time" is no RFC 3339"#),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","my_name":"x"}"#, #""my_name" has other characters"#),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","Name":"x"}"#, #""Name" has other characters"#),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","x":{}}"#, #""x" is no string, boolean or 32-bit"#),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","x":1.5}"#, #""x" is no string, boolean or 32-bit"#),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","x":2147483648}"#, #""x" is no string, boolean"#),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":"AA=="}"#, "one payload"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"AA="}"#, "no string in base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"A\nA="}"#, "no string in base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":5}"#, "no string in base64"),
        ("[]", "no JSON object"), ("not json", "no JSON"),
    ])
    func `bytes that are no event are refused with the reason`(_ text: String, _ reason: String) throws {
        let error = try #require(throws: FormatError.self) { try Self.decode(text) }
        #expect(error.reason.contains(reason))
    }

    // MARK: Binary mode

    @Test(arguments: [
        ("ce-", #"%22R%C3%A9sum%C3%A9%20100%25%22"#), ("ce_", #""Résumé 100%""#),
        ("cloudevents:", #""Résumé 100%""#), ("cloudevents_", #""Résumé 100%""#),
    ])
    func `binary mode reads each binding's headers`(_ prefix: String, _ value: String) throws {
        let event = try Self.decode(
            #"{"a":1}"#,
            headers: [
                prefix + "specversion": "1.0", prefix + "id": "1", prefix + "source": "/s", prefix + "type": "t",
                prefix + "tenantid": value, "content-type": "application/json; charset=utf-8", "x-other": "y",
            ]
        )
        #expect(event.fields.tenantID == #""Résumé 100%""#)
        #expect(event.fields.dataContentType == "application/json; charset=utf-8")
        #expect(event.fields.extensions.isEmpty)
        #expect(Self.text(event.payload.json) == #"{"a":1}"#)
    }

    @Test(arguments: [
        (#""quoted \" text""#, #"quoted " text"#), ("100%", "100%"), ("%zz", "%zz"), ("%e2%82%ac", "€"),
        ("%FF", "\u{FFFD}"), ("a%2520b", "a%20b"),
    ])
    func `a header's value is decoded once`(_ value: String, _ text: String) throws {
        let headers = ["ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t", "ce-actorid": value]
        #expect(try Self.decode("", headers: headers).fields.actorID == text)
    }

    @Test(
        arguments: [
            ("text/plain", "5", Payload.Content.binary), ("application/json", "{broken", .binary),
            (nil, "5", .json(0..<1)),
            ("text/plain", "", .absent), ("application/vnd.x+json", "{}", .json(0..<2)),
        ] as [(String?, String, Payload.Content)]
    )
    func `a binary body is JSON only where it says so and is`(
        _ contentType: String?,
        _ body: String,
        _ content: Payload.Content
    ) throws {
        var headers = ["ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t"]
        headers["content-type"] = contentType
        #expect(try Self.decode(body, headers: headers).payload.content == content)
    }

    @Test func `binary mode with one attribute missing names it`() throws {
        let error = try #require(throws: FormatError.self) {
            try Self.decode("{}", headers: ["ce-id": "1", "ce-source": "s", "ce-type": "t"])
        }
        #expect(error.reason == #"the attribute "specversion" is missing"#)
    }

    @Test func `the content type of structured mode outweighs headers`() throws {
        let text = #"{"specversion":"1.0","id":"body","source":"s","type":"t"}"#
        let headers = ["content-type": "Application/CloudEvents+JSON; charset=utf-8", "ce-id": "header"]
        #expect(try Self.decode(text, headers: headers).id == "body")
    }
}
