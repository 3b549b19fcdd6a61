import Martlet
import MartletPipeline
import MartletTesting

@testable import MartletAMQP

/// A source of a test's own, and the exchange `events` that it reads.
struct SourceCase: Sendable {
    let broker: BrokerCase
    let connection: AMQPSettings

    /// - Parameter port: a proxy's, where the source goes through one.
    static func run(_ body: (SourceCase) async throws -> Void) async throws {
        try await BrokerCase.run { broker in
            try await broker.host.makeExchange("events")
            try await body(SourceCase(broker: broker, connection: broker.settings()))
        }
    }

    /// The same through another port, a proxy's for one.
    func through(port: Int) throws -> SourceCase {
        SourceCase(broker: broker, connection: try broker.settings(port: port))
    }

    func configuration(exchanges: [String] = ["events"]) -> AMQPSourceConfiguration {
        var configuration = AMQPSourceConfiguration(watching: connection, exchanges: exchanges)
        configuration.queue = .durable("martlet-under-test", .quorum)
        configuration.maximumQueueBytes = 2 << 30
        return configuration
    }

    func make(
        _ port: SourcePort,
        _ rig: SourceRig,
        _ context: ComponentContext,
        exchanges: [String] = ["events"]
    ) -> AMQPSource {
        AMQPSource(configuration: configuration(exchanges: exchanges), port: port, store: rig.store, context: context)
    }

    /// Makes the queue as the source would, before there is one.
    func declare() async throws {
        let session = try await broker.open()
        let setup = QueueSetup(configuration: configuration(), session: session)
        let queue = try await setup.declareQueue()
        _ = try await setup.bind(queue.name, to: "events")
        await session.close()
    }

    func publish(_ bodies: [String], key: String = "a.b.c.d.e") async throws {
        try await broker.publish(bodies, to: "events", key: key)
    }

    /// How many messages wait in the queue.
    func backlog() async throws -> Int {
        let session = try await broker.open()
        let state = try await session.queueState("martlet-under-test")
        await session.close()
        return state.messages
    }

    func waitUntilRunning(_ rig: SourceRig, _ port: SourcePort? = nil) async throws {
        let monitor = (port ?? rig.port).monitor
        try await rig.wait(for: "a running source: \(monitor.snapshot)") { monitor.snapshot.state == .running }
    }
}

extension SourceRig {
    /// CloudEvents of these ids.
    static func events(_ ids: [String]) -> [String] { ids.map { String(lines([$0]).dropLast()) } }

    /// A port whose events have no ids of their own, as CloudStack's have none.
    func portWithoutIDs() -> SourcePort {
        SourcePort(
            origin: Origin(sourceName: "under-test", cloud: "test"),
            decoder: CloudStackDecoder(),
            ignore: [],
            intake: intake
        )
    }

    /// The system's clock, for what waits for a broker.
    var systemContext: ComponentContext {
        ComponentContext(name: "under-test", body: .event, time: SystemTime(), logger: context.logger)
    }

    /// The bodies of the events committed, in log order.
    func bodies() async throws -> [String] {
        try await store.page(after: .zero, limit: .max, maximumBytes: .max).map {
            String(decoding: $0.event.payload.original, as: UTF8.self)
        }
    }
}
