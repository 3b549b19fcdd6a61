import HTTPTypes
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

struct QuarantineTests {
    /// Puts an item into the quarantine that can be read by now, as after a fix.
    private static func keep(_ text: String, source: String = "prod", _ api: APIHarness) async throws {
        let draft = QuarantineDraft(bytes: Array(text.utf8)[...], reason: "it was not understood")
        _ = try await api.pipeline.intake.submit(IntakeBatch(source: source, items: [.unreadable(draft)]))
    }

    @Test func `items are listed as text, or in base64 where they are none`() async throws {
        try await APIHarness.run { api in
            _ = try await api.send(.post, "/v1/sources/prod", #"[{"a":"é"}]"#)
            let draft = QuarantineDraft(bytes: [0xFF, 0x00], reason: "no text", routingKey: "a.b")
            _ = try await api.pipeline.intake.submit(IntakeBatch(source: "prod", items: [.unreadable(draft)]))
            let list = try await api.send(.get, "/v1/quarantine?source=prod&limit=1").json
            #expect(list["items"]?[0]?["text"]?.string == #"{"a":"é"}"#)
            #expect(list["items"]?[0]?["size"]?.integer == 10)
            let next = try #require(list["next"]?.string)
            let rest = try await api.send(.get, "/v1/quarantine?after=\(next)").json
            #expect(rest["items"]?[0]?["base64"]?.string == "/wA=")
            #expect(rest["items"]?[0]?["routingkey"]?.string == "a.b")
            #expect(rest["next"]?.isNull == true)
        }
    }

    @Test func `what can be read now is committed and leaves, the rest stays as it was`() async throws {
        try await APIHarness.run { api in
            try await QuarantineTests.keep(APIHarness.event("1"), api)
            try await QuarantineTests.keep("still broken", api)
            try await QuarantineTests.keep(APIHarness.event("2"), source: "events", api)
            try await QuarantineTests.keep(APIHarness.event("3"), source: "gone", api)
            let answer = try await api.send(.post, "/v1/quarantine/retry", #"{"all":true}"#)
            let json = try answer.json
            #expect(json["accepted"]?.integer == 2)
            #expect(json["failed"]?.integer == 2)
            let left = try await api.store.quarantined(source: nil, after: 0, limit: 9)
            #expect(left.map(\.source) == ["prod", "gone"])
            #expect(json["problems"]?.elements.compactMap { $0["id"]?.string }.sorted() == left.map { "\($0.id)" })
            #expect(try await api.store.head() == Position(rawValue: 2))
        }
    }

    @Test func `items are read again by id or by source`() async throws {
        try await APIHarness.run { api in
            try await QuarantineTests.keep(APIHarness.event("1"), api)
            try await QuarantineTests.keep(APIHarness.event("2"), source: "events", api)
            let id = try #require(try await api.store.quarantined(source: "prod", after: 0, limit: 1).first).id
            let byID = try await api.send(.post, "/v1/quarantine/retry", #"{"ids":["\#(id)","999"]}"#).json
            #expect(byID["accepted"]?.integer == 1)
            #expect(byID["problems"]?[0]?["id"]?.string == "999")
            let bySource = try await api.send(.post, "/v1/quarantine/retry", #"{"source":"events"}"#).json
            #expect(bySource["accepted"]?.integer == 1)
            let unknown = try await api.send(.post, "/v1/quarantine/retry", #"{"source":"gone"}"#)
            #expect(try unknown.problemCode == "unknown-source")
        }
    }

    @Test func `what is ignored by now leaves the quarantine too`() async throws {
        try await APIHarness.run(ignore: [TopicPattern("#")]) { api in
            try await QuarantineTests.keep(APIHarness.event("1"), api)
            let json = try await api.send(.post, "/v1/quarantine/retry", #"{"all":true}"#).json
            #expect(json["accepted"]?.integer == 1)
            #expect(try await api.store.quarantined(source: nil, after: 0, limit: 9).isEmpty)
            #expect(try await api.store.head() == .zero)
        }
    }
}
