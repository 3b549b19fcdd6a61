import Foundation
import Logging
import Martlet
import MartletHTTP
import MartletPipeline
import MartletStore
import ServiceLifecycle
import UnixSignals

/// The composition root: makes everything that a configuration names, and runs it as one service group.
package enum Gateway {
    /// Serves until it is told to stop by SIGTERM or SIGINT.
    ///
    /// - Throws: ``ConfigurationError``, ``StoreError`` or ``GatewayError``.
    package static func run(_ options: GatewayOptions) async throws {
        let configuration = try options.configuration()
        for warning in configuration.warnings {
            options.logger.warning("The configuration has a flaw.", metadata: ["finding": "\(warning)"])
        }
        var storeOptions = StoreOptions()
        storeOptions.durability = configuration.store.isSynchronous ? .full : .relaxed
        storeOptions.clockSkew = configuration.clockSkew
        storeOptions.logger = options.logger
        let store = try await SQLiteEventStore.open(at: configuration.store.path, options: storeOptions)
        do {
            let services = try await makeServices(configuration, store: store, options)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services.map { .init(service: $0) },
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: options.logger
                )
            )
            try await group.run()
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
    }

    /// In the order of starting; they are stopped in reverse: first nothing more comes in, last the store rests.
    private static func makeServices(
        _ configuration: Configuration,
        store: SQLiteEventStore,
        _ options: GatewayOptions
    ) async throws -> [any Service] {
        let time = SystemTime()
        let tokenHash = try await AdminToken.prepare(in: configuration.store.path, store: store)
        let dispatcher = Dispatcher(head: try await store.head())
        let intake = Intake(store: store, dispatcher: dispatcher, time: time, logger: options.logger)

        var ports: [String: SourcePort] = [:]
        var httpSources: [String: ComponentSettings] = [:]
        var sources: [any Source] = []
        var watches: [SilenceWatch] = []
        for source in configuration.sources {
            guard let decoder = BuiltInFormats.decoder(named: source.format) else {
                throw GatewayError("There is no format named \(source.format).")
            }
            let port = SourcePort(
                origin: source.origin,
                decoder: decoder,
                ignore: source.ignore,
                intake: intake,
                time: time,
                logger: options.logger
            )
            ports[source.name] = port
            if let bound = source.expectEvery {
                watches.append(SilenceWatch(port: port, expectEvery: bound, time: time, logger: options.logger))
            }
            if let type = BuiltInComponents.sourceType(named: source.kind) {
                let context = ComponentContext(name: source.name, body: .event, time: time, logger: options.logger)
                sources.append(try type.init(settings: source.settings, port: port, store: store, context: context))
            } else {
                httpSources[source.name] = source.settings
                port.monitor.isRunning(at: "/v1/sources/\(source.name)")
            }
        }

        let forwarders = try await Forwarders(
            makeForwarders(configuration, store: store, intake: intake, dispatcher: dispatcher, options)
        )
        let pipeline = Pipeline(
            store: store,
            intake: intake,
            sources: ports,
            forwarders: forwarders,
            dispatcher: dispatcher,
            time: time
        )
        let http = makeInterface(
            configuration,
            pipeline: pipeline,
            httpSources: httpSources,
            tokenHash: tokenHash,
            options
        )

        var services: [any Service] = [
            CancellableService { await store.run() }, PipelineService.intake(intake),
        ]
        services.append(PipelineService.forwarders(forwarders.all))
        services += sources.map { PipelineService.source($0) }
        services += watches.map { watch in CancellableService { try await watch.run() } }
        services.append(ListeningService(interface: http, address: configuration.listen))
        return services
    }

    private static func makeForwarders(
        _ configuration: Configuration,
        store: SQLiteEventStore,
        intake: Intake,
        dispatcher: Dispatcher,
        _ options: GatewayOptions
    ) async throws -> [Forwarder] {
        let time = SystemTime()
        var forwarders: [Forwarder] = []
        for item in configuration.forwarders {
            guard let type = BuiltInComponents.sinkType(named: item.kind) else {
                throw GatewayError("There is no sink named \(item.kind).")
            }
            let context = ComponentContext(name: item.name, body: item.body, time: time, logger: options.logger)
            let sink = try type.init(settings: item.settings, context: context)
            var window = DeliveryWindow.Configuration(delivery: sink.delivery)
            window.order = item.order
            window.retry = item.retry
            window.lookahead = min(max(512, 4 * sink.delivery.maximumEvents * sink.delivery.concurrency), 20_000)
            let start = try await startPosition(item, store: store)
            let record = try await store.openForwarder(name: item.name, start: start)
            forwarders.append(
                Forwarder(
                    Forwarder.Configuration(
                        name: item.name,
                        filter: item.filter,
                        body: item.body,
                        gate: Gate(item.protection),
                        window: window
                    ),
                    record: record,
                    sink: sink,
                    store: store,
                    intake: intake,
                    dispatcher: dispatcher,
                    time: time,
                    logger: options.logger
                )
            )
        }
        return forwarders
    }

    /// Where a forwarder begins that the store does not know yet.
    private static func startPosition(
        _ item: Configuration.ForwarderConfiguration,
        store: SQLiteEventStore
    ) async throws -> Position {
        switch item.start {
        case .now: try await store.head()
        case .earliest: .zero
        case .time(let time): try await store.position(before: time)
        }
    }
}
