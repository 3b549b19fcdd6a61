import Martlet
import MartletClouds
import MartletJSON
import MartletTesting
import Testing

@testable import MartletPipeline

@Suite struct TwinTests {
    private static func twin(_ deed: Int, _ form: String) -> Twin { Twin(deed: "\(deed)", form: form) }

    @Test func `each form takes one of the other with it, in whichever order they come`() {
        var window = TwinWindow()
        let steps: [(form: String, isSecond: Bool)] = [
            ("a", false), ("a", false), ("b", true), ("b", true), ("b", false), ("a", true), ("a", false),
        ]
        let found = steps.map { window.isSecond(Self.twin(1, $0.form)) }
        #expect(found == steps.map(\.isSecond))
        let other = window.isSecond(Self.twin(2, "b"))
        #expect(!other)
    }

    @Test func `a form by itself is never taken for a second`() {
        var window = TwinWindow(capacity: 4)
        let found = (0..<100).map { window.isSecond(Self.twin($0 % 7, "a")) }
        #expect(!found.contains(true))
    }

    @Test func `what is too long ago is forgotten, and nothing else`() {
        var window = TwinWindow(capacity: 4)
        for deed in 0..<6 { _ = window.isSecond(Self.twin(deed, "a")) }
        let recent = (2..<6).map { window.isSecond(Self.twin($0, "b")) }
        #expect(recent == [true, true, true, true])
        let forgotten = window.isSecond(Self.twin(0, "b"))
        #expect(!forgotten)
    }

    private static let legacy = notification(
        "compute.instance.create.end",
        #"{"instance_id": "i-1", "tenant_id": "p", "state": "active"}"#
    )
    private static let versioned = notification(
        "instance.create.end",
        #"{"nova_object.data": {"uuid": "i-1", "tenant_id": "p", "state": "active"}, "nova_object.version": "1.8"}"#
    )

    private static func notification(_ type: String, _ payload: String) -> String {
        #"{"event_type": "\#(type)", "payload": \#(payload), "_context_request_id": "req-1"}"#
    }

    private static func message(_ body: String) throws -> Message {
        let bytes = Array(body.utf8)[...]
        return Message(bytes: bytes, json: try JSONDocument(parsing: bytes).root)
    }

    /// Takes these in, and expects these types to be left.
    private static func expect(
        _ types: [String],
        of bodies: [String],
        ignoring pattern: String? = nil
    ) async throws {
        try await SourceRig.withRig { rig in
            let port = SourcePort(
                origin: Origin(sourceName: "osp"),
                decoder: OsloDecoder(),
                ignore: try pattern.map { [try TopicPattern($0)] } ?? [],
                intake: rig.intake
            )
            let made = port.makeBatch(try bodies.map(Self.message), ignoringTwins: true)
            let left = made.batch.items.compactMap { if case .event(let event, _) = $0 { event.type } else { nil } }
            #expect(left == types.map { "org.openstack.\($0)" })
            #expect(made.ignored == bodies.count - types.count)
        }
    }

    @Test func `a notification in both forms is one event, the first one`() async throws {
        try await Self.expect(["compute.instance.create.end"], of: [Self.legacy, Self.versioned])
        try await Self.expect(["instance.create.end"], of: [Self.versioned, Self.legacy])
    }

    @Test func `who answers for each message by itself takes both forms`() async throws {
        try await SourceRig.withRig { rig in
            let port = SourcePort(
                origin: Origin(sourceName: "osp"),
                decoder: OsloDecoder(),
                ignore: [],
                intake: rig.intake
            )
            let reception = try await port.receive(try [Self.legacy, Self.versioned].map(Self.message))
            #expect(reception.ignored == 0)
            #expect(reception.receipt.accepted == 2)
        }
    }

    @Test func `a cloud that sends one form loses nothing`() async throws {
        try await Self.expect(
            Array(repeating: "compute.instance.create.end", count: 3),
            of: Array(repeating: Self.legacy, count: 3)
        )
        try await Self.expect(
            Array(repeating: "instance.create.end", count: 3),
            of: Array(repeating: Self.versioned, count: 3)
        )
    }

    @Test func `a twin that a pattern drops takes no other with it`() async throws {
        try await Self.expect(
            ["instance.create.end"],
            of: [Self.legacy, Self.versioned],
            ignoring: "nova.*.compute-instance-create-end.#"
        )
    }
}
