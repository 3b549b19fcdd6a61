import Martlet
import MartletJSON
import Testing

@Suite struct CloudStackUnknownTests {
    @Test func `the boot of the event distributor has a key and no body`() throws {
        let event = try decode("null", key: "server.NONE.starting.server.NONE")
        #expect(event.source == "/clouds/prod/server")
        #expect(event.category == .other)
        #expect(event.type == "org.apache.cloudstack.starting")
        #expect(event.topic.text == "server.Event.starting.server.*")
        #expect(event.resource == nil)
        #expect(text(event.payload.original) == "null")
    }

    @Test(arguments: [
        ("{}", "unknown", "*"), (#"{"a":{"b":[1]}}"#, "unknown", "*"),
        (#"{"event":"GIZMO.SPIN"}"#, "GIZMO.SPIN", "GIZMO-SPIN"),
        (#"{"event":42}"#, "unknown", "*"), (#"{"event":""}"#, "unknown", "*"),
    ])
    func `an object of no known shape is kept`(body: String, name: String, word: String) throws {
        let event = try decode(body)
        #expect(event.category == .other)
        #expect(event.type == "org.apache.cloudstack.\(name)")
        #expect(event.topic.text == "management-server.Event.\(word).*.*")
        #expect(text(event.payload.original) == body)
    }

    @Test func `a category never seen before stays in the topic`() throws {
        let event = try decode(#"{"x":1}"#, key: "ms-2.BackupEvent.NIGHTLY.Gizmo.g-1")
        #expect(event.category == .other)
        #expect(event.source == "/clouds/prod/ms-2")
        #expect(event.type == "org.apache.cloudstack.NIGHTLY")
        #expect(event.topic.text == "ms-2.BackupEvent.NIGHTLY.Gizmo.g-1")
        #expect(event.resource == ResourceReference(type: "Gizmo", id: "g-1"))
    }

    @Test(arguments: ["events.cloud", "a.b.c.d.e.f", "cloudstack", "", "a:b:c"])
    func `a key that has not five words is the topic as it stands`(key: String) throws {
        let event = try decode(machineAction(), key: key)
        #expect(event.topic.text == key)
        #expect(event.category == .action)
        #expect(event.type == "org.apache.cloudstack.VM.START")
        #expect(event.source == "/clouds/prod/management-server")
    }

    @Test func `a key with colons is read like one with full stops`() throws {
        let body = machineAction(["event": "SNAPSHOT.CREATE", "entity": "", "entityuuid": ""])
        let event = try decode(body, key: "management-server:ActionEvent:SNAPSHOT-CREATE:Snapshot:\(ID.volume)")
        #expect(event.topic.text == "management-server.ActionEvent.SNAPSHOT-CREATE.Snapshot.\(ID.volume)")
        #expect(event.resource == ResourceReference(type: "Snapshot", id: ID.volume))
        #expect(event.category == .action)
    }

    @Test func `members of an unexpected kind are passed over`() throws {
        let event = try decode(
            #"{"event":["VM.START"],"status":{"a":1},"user":null,"entity":7,"entityuuid":{},"eventDateTime":"yesterday"}"#
        )
        #expect(event.category == .action)
        #expect(event.type == "org.apache.cloudstack.unknown")
        #expect(event.fields.phase == nil)
        #expect(event.time == nil)
        #expect(event.resource == nil)
        #expect(event.fields.actorID == nil)
    }

    @Test(
        arguments: [
            ("42", nil, "the body is a number, not a JSON object"),
            (#""VM.START""#, nil, "the body is a string, not a JSON object"),
            ("[{}]", nil, "the body is an array, not a JSON object"),
            ("true", nil, "the body is a boolean, not a JSON object"),
            ("null", nil, "the body is null, not a JSON object"),
            ("null", "two.words", "the body is null, not a JSON object"),
            ("", nil, "the body is empty"), ("", "server.NONE.starting.server.NONE", "the body is empty"),
        ] as [(String, String?, String)]
    )
    func `what is no object is refused with the reason`(body: String, key: String?, reason: String) throws {
        let error = #expect(throws: FormatError.self) { try decode(body, key: key) }
        #expect(error?.reason == reason)
    }

    @Test(arguments: ["{\"a\":", "VM started", "{\"a\":1} {\"b\":2}"])
    func `what is no JSON is refused with the place`(body: String) throws {
        let error = #expect(throws: FormatError.self) { try decode(body) }
        let reason = try #require(error?.reason)
        #expect(reason.hasPrefix("the body is not JSON: line 1, column "))
    }

    @Test(arguments: [" {\"z\" : 1.50 ,\n\t\"event\":\"VM\\u002eSTART\"} \n", "\u{FEFF}{\"é\":\"\\u003d\"}"])
    func `a body without credentials is kept byte for byte`(body: String) throws {
        let event = try decode(body)
        #expect(text(event.payload.original) == body)
        #expect(!event.fields.isRedacted)
    }
}
