import HTTPTypes
import Hummingbird
import Logging
import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

/// The API over a store in memory, without a network.
struct APIHarness: Sendable {
    static let token = "secret"
    /// SHA-256 of the token.
    static let tokenHash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"

    let store: InMemoryEventStore
    let pipeline: Pipeline
    let responder: RouterResponder<APIContext>

    /// Runs `body` against an API with the sources `prod`, `signed`, `quiet` (which takes no HTTP) and `events`, and
    /// the forwarder `noc`, whose destination rejects every event.
    static func run(
        time: any TimeSource = SystemTime(),
        limit: Int = 16 << 20,
        ignore: [TopicPattern] = [],
        sourceCount: Int = 4,
        isMetricsPublic: Bool = false,
        replaying destination: ReplayStandIn = ReplayStandIn(),
        control: any ConfigurationControl = FixedConfiguration(),
        enrichers: [EnrichmentMember] = [],
        readers: [HTTPInterface.Reader] = [],
        _ body: (APIHarness) async throws -> Void
    ) async throws {
        let store = InMemoryEventStore()
        let dispatcher = Dispatcher(head: .zero)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let enrichment = Enrichment(store: store, time: time, logger: logger)
        enrichment.configure(enrichers)
        let intake = Intake(
            store: store,
            dispatcher: dispatcher,
            enrichment: enrichers.isEmpty ? nil : enrichment,
            time: time,
            logger: logger
        )
        let names = ["prod", "signed", "quiet", "events"].prefix(sourceCount)
        var ports: [String: SourcePort] = [:]
        for name in names {
            ports[name] = SourcePort(
                origin: Origin(sourceName: name),
                decoder: CloudEventsDecoder(),
                ignore: ignore,
                intake: intake
            )
        }
        let forwarder = Forwarder(
            Forwarder.Configuration(
                name: "noc",
                filter: EventFilter(),
                body: .event,
                gate: Gate(),
                window: DeliveryWindow.Configuration(delivery: RejectingSink().delivery)
            ),
            record: try await store.openForwarder(name: "noc", start: .zero),
            sink: RejectingSink(),
            store: store,
            intake: intake,
            dispatcher: dispatcher,
            time: time,
            logger: logger
        )
        let replays = Replays(store: store, definitions: destination, time: time, logger: logger)
        let pipeline = Pipeline(
            store: store,
            intake: intake,
            sources: ports,
            forwarders: Forwarders([forwarder]),
            replays: replays,
            dispatcher: dispatcher,
            time: time
        )
        var settings = HTTPInterface.Settings(
            version: "1.2.3",
            adminTokenHash: tokenHash,
            adminTokenLocation: "/var/lib/martlet/token"
        )
        settings.maximumBodyBytes = limit
        settings.isMetricsPublic = isMetricsPublic
        settings.control = control
        settings.readers.use(readers)
        settings.sources = [
            "prod": .init(format: "cloudevents", takesHTTP: true),
            "signed": .init(format: "cloudevents", takesHTTP: true, secrets: ["old", "new"]),
            "quiet": .init(format: "cloudevents", takesHTTP: false),
            "events": .init(format: "cloudevents", takesHTTP: true),
        ]
        let router = HTTPInterface.makeRouter(pipeline: pipeline, settings: settings, endings: ConnectionEndings())
        let harness = APIHarness(store: store, pipeline: pipeline, responder: router.buildResponder())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await intake.run() }
            group.addTask { await forwarder.run() }
            group.addTask { await replays.run() }
            group.addTask { await pipeline.syncs.run() }
            do {
                try await body(harness)
            } catch {
                group.cancelAll()
                pipeline.syncs.stop()
                replays.stop()
                forwarder.stop()
                intake.stop()
                throw error
            }
            pipeline.syncs.stop()
            replays.stop()
            forwarder.stop()
            intake.stop()
        }
    }

    /// Sends a request with the administrator's token.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        headers: [String: String] = [:],
        token: String? = APIHarness.token
    ) async throws -> Answer {
        var fields = HTTPFields()
        if let token { fields[.authorization] = "Bearer \(token)" }
        if let body { fields[.contentLength] = String(body.utf8.count) }
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body ?? "")))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let response = try await responder.respond(to: request, context: APIContext(logger: logger))
        let collector = BodyCollector()
        try await response.body.write(collector)
        return Answer(status: response.status.code, headers: response.headers, bytes: collector.bytes)
    }

    /// Waits until the forwarder has given up on this many events.
    func waitForDeadLetters(_ count: Int) async throws {
        while try await store.forwarderStatuses().reduce(0, { $0 + $1.counts.dead }) < count {
            try await pipeline.intake.save()
            await Task.yield()
        }
    }
}

/// What came back.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPFields
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The body as JSON.
    var json: JSONValue { get throws { try JSONDocument(parsing: bytes).root } }

    /// The code of a problem document; fails where it is none.
    var problemCode: String? {
        get throws {
            #expect(headers[.contentType] == "application/problem+json")
            let document = try json
            #expect(document["status"]?.integer == Int64(status))
            return document["code"]?.string
        }
    }
}

/// Reads CloudEvents, and leaves the index to their attributes.
struct CloudEventsDecoder: EventDecoder {
    func decode(_ message: Message, from origin: Origin) throws(FormatError) -> (Event, ResourceFacts?) {
        (try CloudEventsFormat().decode(message, from: origin), nil)
    }
}

/// A destination that takes nothing.
struct RejectingSink: Sink {
    let delivery = SinkDelivery(mode: .independent, maximumEvents: 10)

    func send(_ batch: OutgoingBatch) async -> BatchOutcome { .whole(.reject("not wanted")) }

    func close() async {}
}

extension APIHarness {
    /// A CloudEvent of a virtual machine.
    static func event(_ id: String, vm: String = "vm-1", type: String = "org.example.start", extra: String = "")
        -> String
    {
        """
        {"specversion":"1.0","id":"\(id)","source":"/test","type":"\(type)","resourcetype":"VirtualMachine",\
        "resourceid":"\(vm)"\(extra),"data":{"n":"\(id)"}}
        """
    }
}
