import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

/// Promise 9 for what does not come in the body: no live token is ever at rest.
@Suite struct CloudEventCredentialTests {
    private static let required = ["ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t"]

    private static func decode(_ headers: [String: String], _ body: String = "") throws -> Event {
        let bytes = ArraySlice(body.utf8)
        let message = Message(
            bytes: bytes,
            json: try? JSONDocument(parsing: bytes).root,
            headers: required.merging(headers) { $1 }
        )
        return try CloudEventsDecoder().decode(message, from: Origin(sourceName: "events")).0
    }

    @Test(arguments: ["ce-token", "ce-authtoken", "ce-sessionkey", "ce-apikey", "ce-signature"])
    func `a credential in a header is not kept`(header: String) throws {
        let event = try Self.decode([header: "s33ded", "ce-team": "blue"])
        #expect(event.fields.extensions == ["team": .string("blue")])
        #expect(event.fields.isRedacted)
    }

    @Test func `a credential within a header's value is cut`() throws {
        let event = try Self.decode(["ce-link": "https://h/api?apikey=s33ded&x=1"])
        let link = try #require(event.fields.extensions["link"]?.description)
        #expect(!link.contains("s33ded") && link.hasPrefix("https://h/api?"))
        #expect(event.fields.isRedacted)
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/xml; charset=utf-8"])
    func `a credential in a body of text is cut`(type: String) throws {
        let event = try Self.decode(["content-type": type], "user=a&password=s33ded")
        #expect(!String(decoding: event.payload.original, as: UTF8.self).contains("s33ded"))
        #expect(event.fields.isRedacted && event.payload.content == .binary)
    }

    @Test func `a body of bytes stays as it is`() throws {
        let event = try Self.decode(["content-type": "application/octet-stream"], "password=bytes")
        #expect(String(decoding: event.payload.original, as: UTF8.self) == "password=bytes")
        #expect(!event.fields.isRedacted)
    }

    @Test func `the quarantine keeps no credentials of headers either`() async throws {
        try await SourceRig.withRig { rig in
            let port = SourcePort(
                origin: Origin(sourceName: "s"),
                decoder: CloudEventsDecoder(),
                ignore: [],
                intake: rig.intake
            )
            let headers = ["ce-id": "1", "ce-token": "s33ded", "ce-link": "x?token=s33ded", "authorization": "s33ded"]
            let made = port.makeBatch([Message(bytes: [], json: nil, headers: headers)])
            guard case .unreadable(let draft)? = made.batch.items.first else {
                Issue.record("An event without a type was taken.")
                return
            }
            #expect(Set(draft.headers.keys) == ["ce-id", "ce-link"])
            #expect(!draft.headers.values.contains { $0.contains("s33ded") })
        }
    }
}
