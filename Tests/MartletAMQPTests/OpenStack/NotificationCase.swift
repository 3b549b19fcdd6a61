import Martlet
import MartletPipeline
import MartletTesting

@testable import MartletAMQP

/// A virtual host with a service that publishes by oslo.messaging, and a source that reads it.
struct NotificationCase: Sendable {
    /// One process for all, because Python takes seconds to load what oslo.messaging needs.
    typealias Notification = OsloPublisher.Notification

    let broker: BrokerCase
    let publisher: OsloPublisher
    var settings: AMQPSettings

    init(broker: BrokerCase) throws {
        self.broker = broker
        let url = broker.host.url.replacing("amqp://", with: "rabbit://")
        publisher = try OsloPublisher(url: url)
        settings = try AMQPSettings(url: url)
        settings.heartbeat = .seconds(5)
    }

    static func run(_ body: (NotificationCase) async throws -> Void) async throws {
        try await BrokerCase.run { try await body(NotificationCase(broker: $0)) }
    }

    /// The same for a source that logs in as another user.
    func loggedIn(as user: String, password: String) -> NotificationCase {
        var copy = self
        copy.settings.hosts[0].username = user
        copy.settings.hosts[0].password = password
        return copy
    }

    /// A source with a port of its own.
    func source(
        _ rig: SourceRig,
        exchanges: [String],
        notifications: NotificationSettings = NotificationSettings(),
        time: any TimeSource = SystemTime()
    ) -> (source: AMQPSource, port: SourcePort) {
        var configuration = AMQPSourceConfiguration(watching: settings, exchanges: exchanges)
        configuration.queue = .durable("martlet", .quorum)
        configuration.maximumQueueBytes = 1 << 30
        configuration.notifications = notifications
        configuration.bindings = notifications.keys
        let port = SourcePort(
            origin: Origin(sourceName: "under-test", cloud: "osp"),
            decoder: OsloDecoder(),
            ignore: [],
            intake: rig.intake
        )
        let context = ComponentContext(name: "under-test", body: .event, time: time, logger: rig.context.logger)
        let source = AMQPSource(configuration: configuration, port: port, store: rig.store, context: context)
        return (source, port)
    }

    func waitUntilRunning(_ rig: SourceRig, _ port: SourcePort) async throws {
        try await rig.wait(for: "a running source: \(port.monitor.snapshot)") {
            port.monitor.snapshot.state == .running
        }
    }

    func waitUntilEmpty(_ queue: String, _ rig: SourceRig) async throws {
        let session = try await broker.open()
        try await rig.wait(for: "an empty queue \(queue)") { try await session.queueState(queue).messages == 0 }
        await session.close()
    }
}

extension SourceRig {
    /// The types of the events committed, alerts left out, in log order.
    func types() async throws -> [String] {
        try await events().map(\.type).filter { !$0.hasPrefix("martlet.") }.map {
            $0.replacing("org.openstack.", with: "")
        }
    }

    /// The texts of the gap alerts.
    func gaps() async throws -> [String] {
        try await events().filter { $0.type == "martlet.source.gap" }.map {
            String(decoding: $0.payload.original, as: UTF8.self)
        }
    }

    func events() async throws -> [Event] {
        try await store.page(after: .zero, limit: .max, maximumBytes: .max).map(\.event)
    }

    func memory() async throws -> String {
        try await store.checkpoint(source: "under-test", key: ExchangeMemory.checkpointKey) ?? ""
    }
}
