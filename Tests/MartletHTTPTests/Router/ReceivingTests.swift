import Crypto
import Foundation
import HTTPTypes
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

struct ReceivingTests {
    @Test func `what is posted is committed before it is answered`() async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.post, "/v1/sources/prod", APIHarness.event("1"))
            #expect(answer.status == 202)
            #expect(try await api.store.head() == Position(rawValue: 1))
            #expect(
                answer.text
                    == #"{"accepted":1,"duplicates":0,"quarantined":0,"ignored":0,"position":"1","problems":[]}"#
            )
        }
    }

    @Test func `a webhook of CloudStack is answered with 200`() async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(
                .post,
                "/v1/sources/prod",
                APIHarness.event("1"),
                headers: ["X-CS-Event-ID": "17"]
            )
            #expect(answer.status == 200)
        }
    }

    @Test func `a repetition is counted as one`() async throws {
        try await APIHarness.run { api in
            _ = try await api.send(.post, "/v1/sources/prod", APIHarness.event("1"))
            let answer = try await api.send(.post, "/v1/sources/prod", APIHarness.event("1"))
            #expect(try answer.json["duplicates"]?.integer == 1)
            #expect(try answer.json["position"]?.string == "1")
        }
    }

    @Test func `unreadable items cost only themselves and are named by their place`() async throws {
        try await APIHarness.run { api in
            let body = "\(APIHarness.event("1"))\n{\"id\":\n17\n\(APIHarness.event("2"))\n\(APIHarness.event("3"))"
            let answer = try await api.send(.post, "/v1/sources/prod", body)
            #expect(answer.status == 202)
            let json = try answer.json
            #expect(json["accepted"]?.integer == 3)
            #expect(json["quarantined"]?.integer == 2)
            #expect(json["problems"]?[0]?["index"]?.integer == 1)
            #expect(json["problems"]?[0]?["reason"]?.string == "line 2, column 7: the text ends too early")
            #expect(json["problems"]?[1]?["index"]?.integer == 2)
            let items = try await api.store.quarantined(source: "prod", after: 0, limit: 10)
            #expect(items.map { String(decoding: $0.draft.bytes, as: UTF8.self) } == [#"{"id":"#, "17"])
            #expect(items.first?.draft.reason == "line 2, column 7: the text ends too early")
        }
    }

    @Test func `a body that is no JSON is refused with the place, and nothing is kept`() async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.post, "/v1/sources/prod", "[{\"a\":1},\n{]")
            #expect(answer.status == 400)
            #expect(try answer.problemCode == "not-json")
            #expect(try answer.json["line"]?.integer == 2)
            #expect(try answer.json["column"]?.integer == 2)
            #expect(try answer.json["offset"]?.integer == 11)
            #expect(api.store.commitCount == 0)
            #expect(api.pipeline.intake.counters.sources["prod"]?.refused == 1)
        }
    }

    @Test func `a topic is that of one event`() async throws {
        try await APIHarness.run { api in
            let topic = "Acme.Event.a.b.c"
            _ = try await api.send(
                .post,
                "/v1/sources/prod",
                APIHarness.event("1"),
                headers: ["X-Martlet-Topic": topic]
            )
            _ = try await api.send(.post, "/v1/sources/prod?topic=\(topic)", "[\(APIHarness.event("2"))]")
            let events = try await api.store.page(after: .zero, limit: 10, maximumBytes: .max)
            #expect(events.map(\.event.topic.text) == [topic, topic])
            let answer = try await api.send(
                .post,
                "/v1/sources/prod?topic=x",
                "[\(APIHarness.event("3")),\(APIHarness.event("4"))]"
            )
            #expect(try answer.problemCode == "invalid-parameter")
            #expect(try answer.json["parameter"]?.string == "topic")
        }
    }

    @Test func `a body over the limit is refused, announced or not`() async throws {
        try await APIHarness.run(limit: 100) { api in
            let body = String(repeating: " ", count: 101)
            #expect(try await api.send(.post, "/v1/sources/prod", body).problemCode == "body-too-large")
            let lying = try await api.send(.post, "/v1/sources/prod", body, headers: ["Content-Length": "1"])
            #expect(try lying.problemCode == "body-too-large")
        }
    }

    @Test func `a body that ends before its length is not taken for a whole one`() async throws {
        try await APIHarness.run { api in
            let body = "\(APIHarness.event("1"))\n\(APIHarness.event("2"))\n"
            let answer = try await api.send(.post, "/v1/sources/prod", body, headers: ["Content-Length": "9999"])
            #expect(try answer.problemCode == "timeout")
            #expect(api.store.commitCount == 0)
        }
    }

    @Test func `a compressed body is refused`() async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.post, "/v1/sources/prod", "x", headers: ["Content-Encoding": "gzip"])
            #expect(answer.status == 415)
            #expect(try answer.problemCode == "unsupported-media-type")
        }
    }

    @Test(arguments: ["/v1/sources/nobody", "/v1/sources/quiet"])
    func `a source that takes no HTTP is unknown`(_ path: String) async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.post, path, "{}")
            #expect(try answer.problemCode == "unknown-source")
        }
    }

    @Test func `a full disk acknowledges nothing and asks to try again`() async throws {
        try await APIHarness.run { api in
            api.store.failure = StoreError(.full, "no space left")
            let answer = try await api.send(.post, "/v1/sources/prod", APIHarness.event("1"))
            #expect(answer.status == 503)
            #expect(try answer.problemCode == "store-full")
            #expect(answer.headers[.retryAfter] == "5")
            api.store.failure = nil
            #expect(try await api.store.head() == .zero)
        }
    }

    @Test(arguments: [("old", true), ("new", true), ("other", false)])
    func `a source with secrets takes what one of them has signed`(_ secret: String, _ isTaken: Bool) async throws {
        let body = APIHarness.event("1")
        let code = HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        try await APIHarness.run { api in
            let answer = try await api.send(
                .post,
                "/v1/sources/signed",
                body,
                headers: ["X-CS-Signature": Data(code).base64EncodedString()],
                token: nil
            )
            #expect(answer.status == (isTaken ? 202 : 401))
            #expect(api.store.commitCount == (isTaken ? 1 : 0))
        }
    }

    @Test(arguments: [nil, "", "!", "AAAA"])
    func `the administrator's token stands in for no signature`(_ signature: String?) async throws {
        try await APIHarness.run { api in
            let headers = signature.map { ["X-CS-Signature": $0] } ?? [:]
            let answer = try await api.send(.post, "/v1/sources/signed", APIHarness.event("1"), headers: headers)
            #expect(try answer.problemCode == "unauthorized")
            #expect(api.pipeline.intake.counters.sources["signed"]?.refused == 1)
        }
    }
}

struct CloudEventsReceivingTests {
    private static let binary = [
        "ce-specversion": "1.0", "ce-id": "7", "ce-source": "/a", "ce-type": "t", "Content-Type": "text/plain",
    ]

    @Test(arguments: ["/v1/events", "/v1/sources/prod"])
    func `binary mode takes the body as it is`(_ path: String) async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.post, path, "[1,", headers: CloudEventsReceivingTests.binary)
            #expect(answer.status == 202)
            let event = try #require(try await api.store.page(after: .zero, limit: 1, maximumBytes: 1).first).event
            #expect(event.id == "7")
            #expect(Array(event.payload.original) == Array("[1,".utf8))
        }
    }

    @Test func `binary mode with a bad attribute is refused, and nothing is kept`() async throws {
        try await APIHarness.run { api in
            var headers = CloudEventsReceivingTests.binary
            headers["ce-type"] = ""
            let answer = try await api.send(.post, "/v1/events", "{}", headers: headers)
            #expect(try answer.problemCode == "invalid-event")
            #expect(api.store.commitCount == 0)
        }
    }

    @Test func `a batch is an array`() async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(
                .post,
                "/v1/events",
                "[\(APIHarness.event("1")),\(APIHarness.event("2"))]",
                headers: ["Content-Type": "application/cloudevents-batch+json"]
            )
            #expect(try answer.json["accepted"]?.integer == 2)
        }
    }

    @Test func `a structured event that is none is quarantined`() async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(
                .post,
                "/v1/events",
                #"{"id":"1"}"#,
                headers: ["Content-Type": "application/cloudevents+json"]
            )
            #expect(answer.status == 202)
            #expect(try answer.json["quarantined"]?.integer == 1)
            #expect(try answer.json["problems"]?[0]?["index"]?.integer == 0)
        }
    }

    @Test func `without a source named events there is none`() async throws {
        try await APIHarness.run(sourceCount: 3) { api in
            let answer = try await api.send(.post, "/v1/events", APIHarness.event("1"))
            #expect(try answer.problemCode == "unknown-source")
        }
    }
}
