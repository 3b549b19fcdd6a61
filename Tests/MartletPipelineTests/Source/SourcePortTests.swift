import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Testing

@Suite struct SourcePortTests {
    private func batch(_ port: SourcePort, key: String?) -> [Event] {
        let line = SourceRig.lines(["a"]).dropLast()
        let made = port.makeBatch([Message(bytes: Array(line.utf8)[...], json: nil, routingKey: key)])
        return made.batch.items.compactMap { if case .event(let event, _) = $0 { event } else { nil } }
    }

    @Test func `a routing key that is not the topic is kept with the event`() async throws {
        try await SourceRig.withRig { rig in
            let keyed = SourcePort(
                origin: Origin(sourceName: "s"),
                decoder: Renaming(),
                ignore: [],
                intake: rig.intake
            )
            #expect(batch(keyed, key: "a.b.c").map(\.fields.routingKey) == ["a.b.c"])
            #expect(batch(keyed, key: "renamed").map(\.fields.routingKey) == [nil])
            #expect(batch(keyed, key: nil).map(\.fields.routingKey) == [nil])
            // A key with a line break in it is no name: the message goes to the quarantine.
            #expect(batch(keyed, key: "a\nb").isEmpty)
        }
    }

    @Test func `what comes in is seen by the monitor`() async throws {
        try await SourceRig.withRig { rig in
            #expect(rig.port.monitor.snapshot.lastReceived == nil)
            _ = batch(rig.port, key: nil)
            #expect(rig.port.monitor.snapshot.lastReceived != nil)
        }
    }

    /// Publishes everything under one topic, whatever the key.
    private struct Renaming: EventDecoder {
        func decode(_ message: Message, from origin: Origin) throws(FormatError) -> (Event, ResourceFacts?) {
            let payload = Payload(json: message.bytes)
            let topic = Topic(text: "renamed")
            return (
                Event(id: "", source: "/s", type: "t", cloud: origin.cloud, topic: topic, payload: payload), nil
            )
        }
    }
}
