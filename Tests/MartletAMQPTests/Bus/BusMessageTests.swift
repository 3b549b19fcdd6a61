import Martlet
import MartletJSON
import Testing

@testable import MartletAMQP

@Suite struct BusMessageTests {
    private func delivery(_ publication: AMQPPublication) -> AMQPDelivery {
        AMQPDelivery(
            tag: 1,
            exchange: publication.exchange,
            routingKey: publication.routingKey,
            isRedelivered: false,
            headers: publication.contentType.map { ["content-type": $0] } ?? [:],
            body: publication.body[...],
            size: UInt64(publication.body.count)
        )
    }

    @Test func `every attribute of an event arrives`() throws {
        var fields = Event.Fields(
            id: "7",
            source: "/clouds/prod/management",
            type: "org.apache.cloudstack.VM.START",
            cloud: "prod",
            topic: Topic(text: String(repeating: "long.", count: 60)),
            payload: Payload(json: Array(#"{"é": 1}"#.utf8)[...])
        )
        fields.time = Timestamp("2026-01-02T03:04:05.678Z")
        fields.dataContentType = "application/json"
        fields.dataSchema = "https://example.org/schema"
        fields.region = "RegionOne"
        fields.category = .action
        fields.resource = ResourceReference(type: "VirtualMachine", id: "7")
        fields.phase = .completed
        fields.outcome = .success
        (fields.oldState, fields.newState) = ("Stopped", "Running")
        fields.operationID = "job"
        fields.severity = Severity.allCases.first
        (fields.tenantID, fields.domainID, fields.actorID) = ("tenant", "domain", "actor")
        fields.isStale = true
        fields.isRedacted = true
        fields.isReplay = true
        fields.isImpossibleTransition = true
        fields.recordedTime = Timestamp("2026-01-02T03:04:06Z")
        fields.position = Position(rawValue: 41)
        fields.extensions = ["other": .integer(5), "flag": .boolean(true)]
        let publication = BusMessage.publication(of: Event(fields: fields), to: "martlet")
        #expect(publication.routingKey.utf8.count <= 255)
        let event = try #require(BusMessage.event(of: delivery(publication)))
        #expect(event.fields == fields)
    }

    @Test(arguments: ["", "no JSON", "[]", #"{"id":"1"}"#, #"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#])
    func `what is no event is none`(body: String) {
        let publication = AMQPPublication(exchange: "x", routingKey: "a.b", body: Array(body.utf8))
        #expect(BusMessage.event(of: delivery(publication)) == nil)
    }

    @Test func `another program's CloudEvent arrives under its routing key`() throws {
        let body = Array(#"{"specversion":"1.0","id":"1","source":"/s","type":"t"}"#.utf8)
        let publication = AMQPPublication(exchange: "x", routingKey: "a.b", body: body)
        let event = try #require(BusMessage.event(of: delivery(publication)))
        #expect(event.topic.text == "a.b")
    }
}
