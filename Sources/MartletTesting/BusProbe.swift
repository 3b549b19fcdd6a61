package import Martlet
package import Testing

/// A bus under test, and what the clauses do with it.
package struct BusProbe: Sendable {
    package let bus: any EventBus
    package let features: EventBusConformance.Features
    package let deadline: Duration
    /// The first word of every topic of this clause.
    package let word = "conformance-" + String(UInt64.random(in: .min ... .max), radix: 36)

    package init(bus: any EventBus, features: EventBusConformance.Features, deadline: Duration = .seconds(120)) {
        self.bus = bus
        self.features = features
        self.deadline = deadline
    }

    /// Something that should have happened by the deadline.
    package struct Overdue: Error, CustomStringConvertible {
        package let description: String
    }

    /// The pattern of this word and these further ones.
    package func pattern(_ rest: String) throws -> TopicPattern { try TopicPattern("\(word).\(rest)") }

    /// An event with a resource, published under this word and these further ones.
    package func event(_ id: String, _ rest: String = "a", resource: String = "r") -> Event {
        var fields = Event.Fields(
            id: id,
            source: "/clouds/test/conformance",
            type: "org.example.conformance",
            cloud: "test",
            topic: Topic(text: "\(word).\(rest)"),
            payload: Payload(json: Array(#"{"id":"\#(id)"}"#.utf8)[...])
        )
        fields.resource = ResourceReference(type: "VirtualMachine", id: resource)
        return Event(fields: fields)
    }

    /// Publishes events of these ids one after the other.
    package func publish(_ ids: some Sequence<String>, _ rest: String = "a") async throws {
        for id in ids { try await bus.publish(event(id, rest)) }
    }

    /// Reads on until the event of this id; the events in between and that one, repetitions left out where the bus may
    /// repeat.
    package func events(from subscription: EventSubscription, through last: String) async throws -> [Event] {
        let isOnce = features.contains(.exactlyOnce)
        return try await within("the event \(last)") {
            var events: [Event] = []
            for try await event in subscription {
                if isOnce || !events.contains(where: { $0.id == event.id }) { events.append(event) }
                if event.id == last { break }
            }
            return events
        }
    }

    /// As ``events(from:through:)``, the ids alone.
    package func ids(from subscription: EventSubscription, through last: String) async throws -> [String] {
        try await events(from: subscription, through: last).map(\.id)
    }

    /// Does something that has to end before the deadline.
    package func within<Value: Sendable>(
        _ what: String,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let end = ContinuousClock.now + deadline
        return try await withThrowingTaskGroup(of: Value.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await operation() }
            group.addTask {
                try await ContinuousClock().sleep(until: end)
                throw Overdue(description: "\(what) did not come within \(deadline)")
            }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// Looks each millisecond whether a condition holds, until the deadline.
    package func eventually(_ what: String, _ condition: @escaping @Sendable () async throws -> Bool) async throws {
        try await within(what) {
            while try await !condition() { try await ContinuousClock().sleep(for: .milliseconds(1)) }
        }
    }

    /// Checks that something throws an ``EventBusError`` of this code.
    package func expect(
        _ code: EventBusError.Code,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: @Sendable () async throws -> Void
    ) async {
        let error = await #expect(throws: EventBusError.self, sourceLocation: sourceLocation) { try await body() }
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }
}
