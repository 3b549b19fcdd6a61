import Logging
import Martlet
import MartletPipeline
import MartletTesting
import ServiceLifecycle

@testable import MartletHTTP

/// The interface on a free port.
struct LiveServer: Sendable {
    let port: Int
    let group: ServiceGroup
    let interface: HTTPInterface
    let intake: Intake

    /// Runs `body` against a server, and stops the server gracefully afterwards.
    static func run(
        time: any TimeSource = SystemTime(),
        store: InMemoryEventStore = InMemoryEventStore(),
        _ change: (inout HTTPInterface.Settings) -> Void = { _ in },
        _ body: (LiveServer) async throws -> Void
    ) async throws {
        let dispatcher = Dispatcher(head: .zero)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: logger)
        let port = SourcePort(
            origin: Origin(sourceName: "prod"),
            decoder: CloudEventsDecoder(),
            ignore: [],
            intake: intake
        )
        var settings = HTTPInterface.Settings(
            version: "1",
            adminTokenHash: APIHarness.tokenHash,
            adminTokenLocation: "here"
        )
        settings.port = 0
        settings.sources = ["prod": .init(format: "cloudevents", takesHTTP: true)]
        change(&settings)
        let (listening, report) = AsyncStream<Int>.makeStream()
        let interface = HTTPInterface(
            pipeline: Pipeline(
                store: store,
                intake: intake,
                sources: ["prod": port],
                forwarders: Forwarders([]),
                dispatcher: dispatcher,
                time: time
            ),
            settings: settings,
            logger: logger
        ) { _, port in report.yield(port) }
        let group = ServiceGroup(configuration: .init(services: [interface], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { report.finish() }
                try await group.run()
            }
            tasks.addTask { await intake.run() }
            for await port in listening {
                do {
                    try await body(LiveServer(port: port, group: group, interface: interface, intake: intake))
                } catch {
                    tasks.cancelAll()
                    intake.stop()
                    throw error
                }
                await group.triggerGracefulShutdown()
            }
            intake.stop()
            try await tasks.waitForAll()
        }
    }
}
