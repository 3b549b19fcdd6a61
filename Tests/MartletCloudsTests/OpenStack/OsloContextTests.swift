import Martlet
import MartletClouds
import MartletJSON
import Testing

@Suite struct OsloContextTests {
    private static let kept =
        #""_context_user": "u", "_context_project": "p", "_context_request_id": "r", "#
        + #""_context_user_domain": null, "_context_project_domain": "d", "_context_global_request_id": null"#

    @Test func `a live token and the service catalogue are cut, and the event is marked`() throws {
        let event = try decodeOslo(
            enveloped(
                notification(
                    "compute.instance.update",
                    #"{"instance_id": "i-1"}"#,
                    context: Self.kept + #", "_context_auth_token": "s33ded", "#
                        + #""_context_service_catalog": [{"endpoints": [{"adminURL": "s33ded"}]}], "#
                        + #""_context_roles": ["s33ded"], "_context_quota_class": null"#
                )
            )
        )
        let stored = try #require(text(event.payload.original))
        #expect(event.fields.isRedacted)
        #expect(!stored.contains("s33ded"))
        #expect(!stored.contains("_context_roles"))
        #expect(!stored.contains("_context_auth_token"))
        #expect(stored.contains(Self.kept))
        #expect((try? JSONDocument(parsing: event.payload.original)) != nil)
    }

    @Test(arguments: ["null", #""""#, #""***""#])
    func `a token that is not there marks nothing, and is cut`(token: String) throws {
        let context = Self.kept + #", "_context_auth_token": \#(token), "_context_is_admin": true"#
        let event = try decodeOslo(notification("image.update", #"{"id": "im-1"}"#, context: context))
        #expect(!event.fields.isRedacted)
        #expect(text(event.payload.original)?.contains("auth_token") == false)
        #expect(text(event.payload.original)?.contains("is_admin") == false)
    }

    @Test(arguments: [
        #"{"args": {"context": {"auth_token": "s33ded", "service_catalog": ["s33ded"]}}}"#,
        #"{"args": {"_context": {"auth_token": "s33ded", "roles": ["s33ded"], "user_id": "u"}}}"#,
        #"{"args": [{"_context_auth_token": "s33ded", "_context_roles": ["s33ded"]}, 1]}"#,
        #"{"instance_id": "i-1", "admin_pass": "s33ded"}"#,
        #"{"instance_id": "i-1", "server": {"adminPass": "s33ded", "OS-EXT-SRV-ATTR:user_data": "s33ded"}}"#,
        #"{"instance_id": "i-1", "user_data": "s33ded"}"#,
        #"{"instance_id": "i-1", "note": "{\"auth_token\": \"s33ded\"}"}"#,
        #"{"password": "s33ded"}"#,
        #"{"id": "n-1", "driver_info": {"ipmi_password": "s33ded", "snmp_auth_key": "s33ded"}, "psk": "s33ded"}"#,
    ])
    func `credentials within the payload are cut too`(payload: String) throws {
        for body in [
            notification("instance.weird.end", payload), enveloped(notification("instance.weird.end", payload)),
        ] {
            let event = try decodeOslo(body)
            #expect(event.fields.isRedacted)
            #expect(text(event.payload.original)?.contains("s33ded") == false)
            let facts = OsloFacts(try osloFacts(body))
            #expect(!facts.description.contains("s33ded"))
        }
    }

    @Test func `a token is no attribute either`() throws {
        let event = try decodeOslo(
            notification(
                "gizmo.spin.end",
                #"{"id": {"token": "s33ded"}, "token": "s33ded", "gizmo": {"token": "s33ded"}}"#
            )
        )
        for name in AttributeName.allCases { #expect(event.attribute(name)?.contains("s33ded") != true) }
    }

    @Test func `each notification of an array is cut in its own place`() throws {
        let first = notification(
            "image.update",
            #"{"id": "im-1", "user_data": "s33ded"}"#,
            context: Self.kept + #", "_context_auth_token": "s33ded""#
        )
        let second = notification(
            "image.delete",
            #"{"id": "im-2", "note": "of no interest"}"#,
            context: #""_context_roles": ["s33ded"], "_context_user": "u""#
        )
        let body = try JSONDocument(parsing: "[\(first), \(second), \(enveloped(second))]").root
        let events = try body.elements.map { element in
            try OsloFormat().decode(Message(bytes: element.bytes, json: element), from: Origin(sourceName: "osp"))
        }
        #expect(events.map(\.resource?.id) == ["im-1", "im-2", "im-2"])
        let alone = try [first, second, enveloped(second)].map { try decodeOslo($0).payload.original }
        #expect(events.map(\.payload.original) == alone)
        for event in events {
            #expect(text(event.payload.original)?.contains("s33ded") == false)
            #expect((try? JSONDocument(parsing: event.payload.original)) != nil)
        }
    }

    @Test(arguments: [" ", "\r\n\t  ", "\u{FEFF}"])
    func `what stands before a notification does not shift what is cut of it`(before: String) throws {
        let plain = notification("image.update", #"{"id": "im-1"}"#, context: #""_context_auth_token": "s33ded""#)
        let alone = try decodeOslo(plain).payload.original
        for body in [before + plain + "\n", enveloped(before + plain + "\n")] {
            // As AMQP and Kafka hand it over, and as HTTP does.
            let bytes = Array(body.utf8)[...]
            let root = try JSONDocument(parsing: bytes).root
            for message in [Message(bytes: bytes, json: root), Message(bytes: root.bytes, json: root)] {
                let event = try OsloFormat().decode(message, from: Origin(sourceName: "osp"))
                #expect(event.payload.original == alone)
            }
        }
    }

    @Test func `a notification without a context stays as it is, byte for byte`() throws {
        let body = #"{ "event_type" : "image.update", "payload" : { "id" : "im-1" } }"#
        let event = try decodeOslo(body)
        #expect(text(event.payload.original) == body)
    }
}

/// Facts as one text, to be searched.
private struct OsloFacts {
    let description: String

    init(_ facts: ResourceFacts?) {
        description = "\(String(describing: facts)) \(text(facts?.details) ?? "")"
    }
}
