// What docs/guide/event-bus.md shows, compiled and run; a test compares the two.
import Martlet
import MartletAMQP

func reportStartedMachines(at url: String) async throws -> [String] {
    try await withAMQPEventBus(url: url) { bus in
        // Every event of a machine that was started, from whatever publisher.
        let started = try await bus.subscribe(to: [TopicPattern("*.ActionEvent.VM-START.VirtualMachine.*")])
        let resource = ResourceReference(type: "VirtualMachine", id: "9c3d1e42")
        let event = Event(
            id: "1",
            source: "/clouds/lab/example",
            type: "org.example.VM.START",
            cloud: "lab",
            topic: Topic(text: "example.ActionEvent.VM-START.VirtualMachine.9c3d1e42"),
            payload: Payload(json: Array(#"{"name": "web-1"}"#.utf8)[...])
        )
        // Returns when the broker has it.
        try await bus.publish(event.with { $0.resource = resource })
        var machines: [String] = []
        for try await event in started {
            machines.append(event.resource?.id ?? "")
            break
        }
        // The subscription's queue is gone afterwards.
        try await bus.unsubscribe(started.id)
        return machines
    }
}
