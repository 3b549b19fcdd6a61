import Martlet
import MartletPipeline
import MartletTesting
import MartletTransfer
import Testing

@testable import MartletConnectors

@Suite struct WebhookRequestTests {
    private static let now = Timestamp(seconds: 1_614_265_330)

    private func request(_ batch: OutgoingBatch, _ settings: [String: ComponentSettings.Value] = [:]) throws
        -> HTTPRequest
    {
        let settings = settings.merging(["url": .string("https://host/path")]) { first, _ in first }
        let configuration = try WebhookConfiguration(ComponentSettings(settings))
        return WebhookRequest(configuration: configuration).make(for: batch, now: Self.now)
    }

    private func header(_ name: String, of request: HTTPRequest) -> String? {
        request.headers.first { $0.name == name }?.value
    }

    @Test(arguments: [
        (OutgoingBatch.events("a"), "application/cloudevents+json"),
        (OutgoingBatch.originals(#"{"a":1}"#), "application/json"),
        (OutgoingBatch.originals("no JSON"), "application/octet-stream"),
    ])
    func `a single event is posted as it is, under its own media type`(batch: OutgoingBatch, type: String) throws {
        let request = try request(batch)
        #expect(request.method == "POST")
        #expect(request.body == batch.events[0].body)
        #expect(header("content-type", of: request) == type)
    }

    @Test func `a batch of originals is an array in which what is no JSON is a string`() throws {
        let request = try request(.originals("{\n\"a\":1}", "no \"JSON\""), ["batch": .integer(10)])
        #expect(String(decoding: request.body, as: UTF8.self) == #"[{ "a":1},"no \"JSON\""]"#)
        #expect(header("content-type", of: request) == "application/json")
    }

    @Test func `a batch of CloudEvents has their media type, even if it has one event`() throws {
        let request = try request(.events("a"), ["batch": .integer(10)])
        #expect(request.body.first == UInt8(ascii: "["))
        #expect(header("content-type", of: request) == "application/cloudevents-batch+json")
    }

    @Test func `the id is the batch's, the timestamp the attempt's, and without a secret nothing is signed`() throws {
        let request = try request(.events("a", id: "forwarder-7"))
        #expect(header("webhook-id", of: request) == "forwarder-7")
        #expect(header("webhook-timestamp", of: request) == "1614265330")
        #expect(header("webhook-signature", of: request) == nil)
    }

    @Test func `two secrets give two signatures`() throws {
        let secrets = ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]
        let batch = OutgoingBatch.originals(#"{"test": 2432232314}"#, id: "msg_p5jXN8AQM9LWM0D4loKWxJek")
        let signatures = try header("webhook-signature", of: request(batch, ["secret": .strings(secrets)]))?.split(
            separator: " "
        )
        #expect(signatures?.count == 2)
        #expect(signatures?.first == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `configured headers are sent`() throws {
        let request = try request(.events("a"), ["headers": .table(["Authorization": "Bearer x"])])
        #expect(header("Authorization", of: request) == "Bearer x")
    }
}
