import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

struct DeliveryReaderTests {
    @Test(arguments: [true, false])
    func `what comes by another way than its publisher's others says so`(isInOrder: Bool) async throws {
        try await SourceRig.withRig { rig in
            let body = #"{"event_type": "compute.instance.create.end", "payload": {"instance_id": "i-1"}}"#
            let cloudEvent =
                #"{"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "resourcetype": "Volume", "#
                + #""resourceid": "v-1"}"#
            let osloPort = SourcePort(
                origin: rig.port.origin,
                decoder: OsloDecoder(),
                ignore: [],
                intake: rig.intake
            )
            for (port, body) in [(osloPort, body), (rig.port, cloudEvent)] {
                let delivery = AMQPDelivery(
                    tag: 1,
                    exchange: "nova",
                    routingKey: "notifications.info",
                    isRedelivered: false,
                    headers: ["content-type": "application/cloudevents+json"],
                    body: Array(body.utf8)[...],
                    size: UInt64(body.utf8.count)
                )
                let reader = DeliveryReader(port: port, limits: AMQPLimits())
                let batch = reader.read([delivery], isInOrder: isInOrder) { _ in false }
                guard case .event(let event, _)? = batch.items.first else {
                    Issue.record("This is no event: \(batch)")
                    continue
                }
                #expect(event.resource != nil)
                #expect(batch.items.first?.isOutOfOrder == !isInOrder)
            }
        }
    }

    @Test func `a message that is too large is never passed over, even where its head is an event`() async throws {
        try await SourceRig.withRig { rig in
            let port = rig.portWithoutIDs()
            let reader = DeliveryReader(port: port, limits: AMQPLimits())
            for head in [#"{"event":"VM.START"}   "#, #"{"event":"VM.ST"#] {
                let delivery = AMQPDelivery(
                    tag: 1,
                    exchange: "events",
                    routingKey: "a.b",
                    isRedelivered: false,
                    headers: [:],
                    body: Array(head.utf8)[...],
                    size: 100 << 20
                )
                let batch = reader.read([delivery]) { _ in false }
                #expect(batch.items.count == 1)
                guard case .unreadable(let draft) = batch.items.first else {
                    Issue.record("The head is not in the quarantine: \(batch)")
                    continue
                }
                #expect(draft.reason.contains("its head is kept"))
                #expect(draft.routingKey == "a.b")
            }
        }
    }
}
