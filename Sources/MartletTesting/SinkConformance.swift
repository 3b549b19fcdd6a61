import Martlet
package import MartletPipeline
import Testing

/// Runs every clause of ``Sink``'s contract against a sink and the destination it delivers to.
package struct SinkConformance: Sendable {
    /// Where the sink under test delivers to, and what the suite can do to it.
    package struct Destination: Sendable {
        /// The ids of the events that it has taken, in the order in which they arrived.
        package var received: @Sendable () async throws -> [String]
        /// Has it refuse whatever comes, until it is mended; `nil` for one that cannot fail.
        package var fail: (@Sendable () async throws -> Void)?
        package var mend: @Sendable () async throws -> Void
        /// Has it take requests and answer none; `nil` for one that cannot keep a sink waiting.
        package var hang: (@Sendable () async throws -> Void)?
        /// Returns when a request hangs.
        package var waitUntilHanging: @Sendable () async throws -> Void

        package init(
            received: @escaping @Sendable () async throws -> [String],
            fail: (@Sendable () async throws -> Void)? = nil,
            mend: @escaping @Sendable () async throws -> Void = {},
            hang: (@Sendable () async throws -> Void)? = nil,
            waitUntilHanging: @escaping @Sendable () async throws -> Void = {}
        ) {
            self.received = received
            self.fail = fail
            self.mend = mend
            self.hang = hang
            self.waitUntilHanging = waitUntilHanging
        }
    }

    package typealias Body = @Sendable (any Sink, Destination) async throws -> Void

    private let withSink: @Sendable (Body) async throws -> Void

    /// - Parameter withSink: runs its argument with a new sink and a new destination.
    package init(withSink: @escaping @Sendable (Body) async throws -> Void) { self.withSink = withSink }

    /// One promise of the contract, for the argument of a test.
    package struct Clause: Sendable, CustomTestStringConvertible {
        package let testDescription: String
        fileprivate let body: Body

        fileprivate init(_ description: String, _ body: @escaping Body) {
            testDescription = description
            self.body = body
        }

        /// Every promise.
        package static let all = [
            deliversInOrder, answersForEveryEvent, losesNothing, obeysCancellation, closesForGood,
        ]
    }

    /// Runs one clause on a sink of its own.
    package func run(_ clause: Clause) async throws { try await withSink(clause.body) }
}

extension SinkConformance.Clause {
    private static let deliversInOrder = Self("the events of a batch arrive in order, batch after batch") {
        sink,
        destination in
        let batches = sink.batches(of: ["a", "b", "c", "d"]) + sink.batches(of: ["e", "f"])
        for batch in batches {
            #expect(await sink.send(batch).isDelivered)
        }
        let received = try await destination.received()
        #expect(received == ["a", "b", "c", "d", "e", "f"])
        await sink.close()
    }

    private static let answersForEveryEvent = Self("the answer has the shape that the sink declares") { sink, _ in
        #expect(sink.delivery.maximumEvents >= 1)
        #expect(sink.delivery.concurrency >= 1)
        for batch in sink.batches(of: ["a", "b", "c"]) {
            switch await sink.send(batch) {
            case .whole: break
            case .each(let outcomes):
                #expect(sink.delivery.mode != .atomic)
                #expect(outcomes.count == batch.events.count)
            }
        }
        await sink.close()
    }

    private static let losesNothing = Self("what a failing destination does not take is taken when it is mended") {
        sink,
        destination in
        guard let fail = destination.fail else { return await sink.close() }
        try await fail()
        let batches = sink.batches(of: ["a", "b", "c"])
        for batch in batches {
            #expect(await !sink.send(batch).isDelivered)
        }
        try await destination.mend()
        for batch in batches {
            #expect(await sink.send(batch).isDelivered)
        }
        // At least once: a repetition is allowed, a hole is not.
        let received = try await destination.received()
        #expect(Set(received) == ["a", "b", "c"])
        #expect(received.suffix(3) == ["a", "b", "c"])
        await sink.close()
    }

    private static let obeysCancellation = Self("a cancelled send returns, and says that the batch may go again") {
        sink,
        destination in
        if let hang = destination.hang {
            try await hang()
            // A task of its own, because cancelling it is what is tried; its value is awaited below.
            let sending = Task { await sink.send(sink.batches(of: ["a"])[0]) }
            try await destination.waitUntilHanging()
            sending.cancel()
            #expect(await sending.value.isUnavailable)
        } else {
            // A task of its own, cancelled from within before it sends.
            let outcome = await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await sink.send(sink.batches(of: ["a"])[0])
            }.value
            #expect(outcome.isUnavailable)
            #expect(try await destination.received().isEmpty)
        }
        await sink.close()
    }

    private static let closesForGood = Self("a sink is closed twice without harm, and what was taken stays") {
        sink,
        destination in
        for batch in sink.batches(of: ["a", "b"]) {
            #expect(await sink.send(batch).isDelivered)
        }
        await sink.close()
        await sink.close()
        let received = try await destination.received()
        #expect(received == ["a", "b"])
    }
}

extension Sink {
    /// Events of these ids, in as many batches as the sink's declaration asks for.
    fileprivate func batches(of ids: [String]) -> [OutgoingBatch] {
        let size = delivery.mode == .independent ? 1 : delivery.maximumEvents
        return stride(from: 0, to: ids.count, by: size).map { start in
            let part = ids[start..<min(start + size, ids.count)]
            return OutgoingBatch(id: "batch-\(part.joined())", events: part.map { OutgoingEvent.sample($0) })
        }
    }
}

extension OutgoingEvent {
    /// An event of this id as a CloudEvent, which is its body too.
    package static func sample(_ id: String) -> OutgoingEvent {
        var fields = Event.Fields(
            id: id,
            source: "/clouds/test/conformance",
            type: "org.example.conformance",
            cloud: "test",
            topic: Topic(text: "test.ActionEvent.conformance.VirtualMachine.\(id)"),
            payload: Payload(json: Array(#"{"id":"\#(id)"}"#.utf8)[...])
        )
        fields.resource = ResourceReference(type: "VirtualMachine", id: id)
        fields.position = Position(rawValue: 1)
        let body =
            #"{"specversion":"1.0","id":"\#(id)","source":"/clouds/test/conformance","type":"org.example.conformance"}"#
        return OutgoingEvent(event: Event(fields: fields), body: Array(body.utf8), form: .event)
    }
}

extension BatchOutcome {
    fileprivate var outcomes: [DeliveryOutcome] {
        switch self {
        case .whole(let outcome): [outcome]
        case .each(let outcomes): outcomes
        }
    }

    fileprivate var isDelivered: Bool { outcomes.allSatisfy { $0 == .delivered } }

    fileprivate var isUnavailable: Bool {
        outcomes.contains { if case .unavailable = $0 { true } else { false } }
    }
}
