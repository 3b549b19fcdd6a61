import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

struct DeliveryReaderTests {
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
