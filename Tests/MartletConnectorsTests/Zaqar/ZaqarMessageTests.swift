import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

@Suite struct ZaqarMessageTests {
    private func message(_ event: OutgoingEvent, timeToLive: Int? = 300) -> String {
        String(decoding: ZaqarMessage.bytes(of: event, key: "store-7", timeToLive: timeToLive), as: UTF8.self)
    }

    private func original(_ body: String) -> OutgoingEvent { OutgoingBatch.originals(body).events[0] }

    @Test func `a CloudEvent has the key as one more attribute`() {
        let body =
            #"{"specversion":"1.0","id":"a","source":"/clouds/test/conformance","type":"org.example.conformance","#
            + #""idempotencykey":"store-7"}"#
        #expect(message(.sample("a")) == #"{"ttl":300,"body":\#(body)}"#)
        #expect(message(.sample("a"), timeToLive: nil) == #"{"body":\#(body)}"#)
    }

    @Test func `a key that an event came with gives way, for two would be ambiguous`() {
        var event = OutgoingEvent.sample("a")
        event.event = event.event.with { $0.extensions["idempotencykey"] = .string("elsewhere") }
        event.body = Array(#"{"id":"a","idempotencykey":"elsewhere"}"#.utf8)
        #expect(message(event, timeToLive: nil) == #"{"body":{"id":"a","idempotencykey":"store-7"}}"#)
    }

    @Test(arguments: [
        (#"{"a":1}"#, #"{"a":1,"idempotencykey":"store-7"}"#),
        ("{ }", #"{ "idempotencykey":"store-7"}"#),
        ("\u{FEFF}{\"a\":1}\n", #"{"a":1,"idempotencykey":"store-7"}"#),
        (#"{"a":{"b":"}"}}"#, #"{"a":{"b":"}"},"idempotencykey":"store-7"}"#),
        (#"{"idempotencykey":1,"a":2}"#, #"{"idempotencykey":"store-7","a":2}"#),
        ("[1,\n2]", #"{"idempotencykey":"store-7","body":[1, 2]}"#),
        ("text", #"{"idempotencykey":"store-7","body":"text"}"#),
        ("", #"{"idempotencykey":"store-7","body":""}"#),
    ])
    func `an original has the key in it, or around it where it is no object`(body: String, sent: String) {
        #expect(message(original(body), timeToLive: nil) == #"{"body":\#(sent)}"#)
    }

    @Test(arguments: [
        (#""\ud83d\ude00""#, #""\ud83d\ude00""#), (#""\ud83d""#, #""\ufffd""#), (#""\uDE00x""#, #""\ufffdx""#),
        (#""\ud83d\ud83d\ude00""#, #""\ufffd\ud83d\ude00""#), (#""\\ud83d""#, #""\\ud83d""#),
        (#""\ud83d\n""#, #""\ufffd\n""#), (#""\\\ud83d""#, #""\\\ufffd""#), (#""\u0041""#, #""\u0041""#),
    ])
    func `half a surrogate pair, which Zaqar cannot store, is replaced`(json: String, sent: String) {
        #expect(String(decoding: HalfSurrogates.replaced(in: Array(json.utf8)), as: UTF8.self) == sent)
    }

    @Test func `whatever the original, a message is JSON with the key in it`() throws {
        var random = SeededGenerator(seed: 7)
        let pieces = [
            "{", "}", "[", "]", "\"", "\\", "\\ud800", "\\udc00", "a", ":", ",", "1", " ", "\n", "é", "\u{FEFF}",
        ]
        for _ in 1...5_000 {
            let body = (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random)! }
            let message = ZaqarMessage.bytes(of: original(body.joined()), key: "k\"1", timeToLive: 60)
            let root = try JSONDocument(parsing: message).root
            #expect(root["body"]?["idempotencykey"]?.string == "k\"1", "\(body)")
        }
    }
}
