import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

/// The sink against OpenStack's own Zaqar with Redis behind it, read back by its own API and by its own client.
@Suite(
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: ZaqarServer.isInstalled, "\(ZaqarServer.absenceReason)")
)
struct ZaqarSinkTests {
    typealias Settings = [String: ComponentSettings.Value]

    private static let project = "p1"

    private static func sink(_ url: String, _ queue: String, _ settings: Settings = [:]) throws -> ZaqarSink {
        let all: Settings = [
            "url": .string(url), "queue": .string(queue), "project": .string(project),
            "ttl": .duration(.seconds(3_600)),
        ]
        return try ZaqarSink(
            settings: ComponentSettings(all.merging(settings) { $1 }),
            context: .sample(time: ManualTime())
        )
    }

    /// Events with these bodies, of these tenants.
    private static func batch(_ bodies: [String], tenants: [String] = []) -> OutgoingBatch {
        let events = bodies.enumerated().map { index, body -> OutgoingEvent in
            var outgoing = OutgoingEvent.sample("\(index)")
            outgoing.body = Array(body.utf8)
            outgoing.event = outgoing.event.with {
                $0.position = Position(rawValue: Int64(index) + 1)
                if !tenants.isEmpty { $0.tenantID = tenants[index] }
            }
            return outgoing
        }
        return OutgoingBatch(id: "b", events: events, scope: "store-")
    }

    private static func names(_ outcome: BatchOutcome) -> [String] {
        if case .each(let outcomes) = outcome { outcomes.map(\.name) } else { [] }
    }

    @Test(arguments: SinkConformance.Clause.all)
    func `Zaqar is a sink`(_ clause: SinkConformance.Clause) async throws {
        let server = try await ZaqarServer.shared
        let queue = ZaqarServer.newQueue()
        let proxy = try FaultProxy(target: server.port)
        let conformance = SinkConformance { body in
            let destination = SinkConformance.Destination(
                received: {
                    try await server.bodies(in: queue, project: Self.project).compactMap { $0["id"]?.string }
                },
                fail: { await server.redis.kill() },
                mend: { try await server.redis.start() },
                hang: { proxy.freeze(.toClient) },
                waitUntilHanging: {
                    try await eventually("a request has been sent") { proxy.passedBytes(.toServer) > 0 }
                }
            )
            try await body(Self.sink("http://127.0.0.1:\(proxy.port)", queue), destination)
        }
        try await conformance.run(clause)
    }

    @Test func `what arrives is what OpenStack's own client reads, with the key in each body`() async throws {
        let server = try await ZaqarServer.shared
        let queue = ZaqarServer.newQueue()
        let bodies = (0..<45).map { #"{"id":"\#($0)","text":"é\ud83d\ude00"}"# } + [#"{"id":"half\ud83d"}"#]
        let outcome = try await Self.sink(server.url, queue).send(Self.batch(bodies))
        #expect(Set(Self.names(outcome)) == ["delivered"])

        let read = try await server.bodies(in: queue, project: Self.project)
        #expect(read.compactMap { $0["idempotencykey"]?.string } == (1...46).map { "store-\($0)" })
        #expect(read[0]["text"]?.string == "é😀")
        #expect(read[45]["id"]?.string == "half\u{FFFD}")
        let lines = try await server.bodiesByClient(in: queue, project: Self.project)
        let keys = try lines.map { try JSONDocument(parsing: $0).root["idempotencykey"]?.string }
        #expect(keys == (1...20).map { "store-\($0)" })
        #expect(try await server.bodies(in: queue, project: "another").isEmpty)
    }

    @Test func `a request of the greatest size is taken, and one byte more would not be`() async throws {
        let server = try await ZaqarServer.shared
        let queue = ZaqarServer.newQueue()
        let request = ZaqarDelivery(
            Self.batch([#"{"x":""}"#]),
            queue: try ZaqarQueueTemplate(queue),
            timeToLive: 3_600,
            maximumBytes: 262_144
        )
        let overhead = request.body(of: .init(queue: queue, members: [0])).count
        let greatest = Self.batch([#"{"x":"\#(String(repeating: "x", count: 262_144 - overhead))"}"#])
        let sink = try Self.sink(server.url, queue)
        #expect(Self.names(await sink.send(greatest)) == ["delivered"])

        // One byte more is rejected here; sent nevertheless, Zaqar refuses it.
        let larger = Self.batch([#"{"x":"\#(String(repeating: "x", count: 262_145 - overhead))"}"#])
        #expect(Self.names(await sink.send(larger)) == ["reject"])
        let careless = try Self.sink(server.url, queue, ["batch-bytes": .integer(1 << 20)])
        let refused = await careless.send(larger)
        #expect(Self.names(refused) == ["reject"])
        #expect("\(refused)".contains("262144"))
        #expect(try await server.bodies(in: queue, project: Self.project).count == 1)
    }

    @Test func `what Zaqar cannot store costs only itself`() async throws {
        let server = try await ZaqarServer.shared
        let queue = ZaqarServer.newQueue()
        // Zaqar takes no integer of more than 64 bits.
        let bodies = (0..<40).map { $0 == 23 ? #"{"n":123456789012345678901234567890}"# : #"{"n":\#($0)}"# }
        let sink = try Self.sink(server.url, queue)
        let first = Self.names(await sink.send(Self.batch(bodies)))
        #expect(first == (0..<40).map { $0 < 23 ? "delivered" : $0 == 23 ? "reject" : "untried" })
        let rest = Self.names(await sink.send(Self.batch(Array(bodies[24...]))))
        #expect(Set(rest) == ["delivered"])
        let read = try await server.bodies(in: queue, project: Self.project)
        #expect(read.compactMap { $0["n"]?.integer } == (0..<40).filter { $0 != 23 }.map { Int64($0) })
    }

    @Test func `each tenant has a queue, made with the metadata`() async throws {
        let server = try await ZaqarServer.shared
        let prefix = ZaqarServer.newQueue()
        let tenants = (0..<30).map { ["a", "b", "no name"][$0 % 3] }
        let bodies = (0..<30).map { #"{"n":\#($0)}"# }
        let sink = try Self.sink(
            server.url,
            "\(prefix)-{tenantid}",
            ["metadata": .table(["_default_message_ttl": "86400", "made-by": "martlet"])]
        )
        let outcome = Self.names(await sink.send(Self.batch(bodies, tenants: tenants)))
        #expect(outcome == tenants.map { $0 == "no name" ? "reject" : "delivered" })
        for (index, tenant) in ["a", "b"].enumerated() {
            let read = try await server.bodies(in: "\(prefix)-\(tenant)", project: Self.project)
            #expect(read.compactMap { $0["n"]?.integer } == (0..<30).filter { $0 % 3 == index }.map { Int64($0) })
            let metadata = try await server.get("/v2/queues/\(prefix)-\(tenant)", project: Self.project)
            #expect(metadata["_default_message_ttl"]?.integer == 86_400)
            #expect(metadata["made-by"]?.string == "martlet")
        }
    }

    @Test func `a signed URL is enough to post with, and a wrong one pauses the forwarder`() async throws {
        let server = try await ZaqarServer.shared
        let queue = ZaqarServer.newQueue()
        let share = try await server.request(
            "POST",
            "/v2/queues/\(queue)/share",
            #"{"paths":["messages"],"methods":["POST"],"expires":"2099-01-01T00:00:00"}"#,
            project: Self.project
        )
        func sink(signature: String) throws -> ZaqarSink {
            let signed = ComponentSettings([
                "signature": .string(signature), "expires": .string(share["expires"]?.string ?? ""),
                "methods": .strings(share["methods"]?.elements.compactMap(\.string) ?? []),
                "paths": .strings(share["paths"]?.elements.compactMap(\.string) ?? []),
                "project": .string(share["project"]?.string ?? ""),
            ])
            let settings: Settings = [
                "url": .string(server.url), "queue": .string(queue), "signed-url": .section(signed),
            ]
            return try ZaqarSink(settings: ComponentSettings(settings), context: .sample(time: ManualTime()))
        }
        let good = try sink(signature: share["signature"]?.string ?? "")
        #expect(Self.names(await good.send(.events("a"))) == ["delivered"])
        let wrong = try sink(signature: String(repeating: "0", count: 64))
        #expect(Self.names(await wrong.send(.events("b"))) == ["gone"])
        #expect(try await server.bodies(in: queue, project: Self.project).count == 1)
    }

}
