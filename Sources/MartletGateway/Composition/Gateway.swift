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
        var configuration = try options.configuration()
        for warning in configuration.warnings {
            options.logger.warning("The configuration has a flaw.", metadata: ["finding": "\(warning)"])
        }
        // From here on, so that a reload that is asked for early does not end the process.
        let signals = options.configurationPath == nil ? nil : await UnixSignalsSequence(trapping: .sighup)
        var lock: DirectoryLock?
        if options.isStandby {
            lock = try await Standby.takeLock(of: configuration.store.path, options)
            // It was told to stop before its turn came.
            if lock == nil { return }
            configuration = Standby.configuration(instead: configuration, options)
        }
        OpenFiles.raiseLimit(forConnections: configuration.maximumConnections, logger: options.logger)
        var storeOptions = StoreOptions()
        storeOptions.durability = configuration.store.isSynchronous ? .full : .relaxed
        storeOptions.clockSkew = configuration.clockSkew
        storeOptions.logger = options.logger
        let store = try await SQLiteEventStore.open(at: configuration.store.path, options: storeOptions, lock: lock)
        do {
            let services = try await makeServices(configuration, store: store, reloadSignals: signals, options)
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
        reloadSignals: UnixSignalsSequence?,
        _ options: GatewayOptions
    ) async throws -> [any Service] {
        let time = SystemTime()
        let tokenHash = try await AdminToken.prepare(in: configuration.store.path, store: store)
        let dispatcher = Dispatcher(head: try await store.head())
        let enrichment = Enrichment(store: store, time: time, logger: options.logger)
        let intake = Intake(
            store: store,
            dispatcher: dispatcher,
            enrichment: enrichment,
            time: time,
            logger: options.logger
        )
        let forwarders = Forwarders([])
        let configured = ConfiguredForwarders(configuration.forwarders)
        let replays = makeReplays(
            configured,
            forwarders: forwarders,
            store: store,
            enrichment: enrichment,
            time: time,
            options
        )
        let syncs = Syncs(store: store, intake: intake, time: time, logger: options.logger)
        let retention = Retention(
            policy: configuration.store.retention,
            store: store,
            intake: intake,
            time: time,
            logger: options.logger
        ) { forwarders.all }
        let pipeline = Pipeline(
            store: store,
            intake: intake,
            sources: [:],
            forwarders: forwarders,
            replays: replays,
            syncs: syncs,
            dispatcher: dispatcher,
            time: time,
            retention: retention
        )
        let maker = ComponentMaker(
            store: store,
            intake: intake,
            dispatcher: dispatcher,
            time: time,
            logger: options.logger
        )
        let parts = RunningParts(pipeline: pipeline, doors: HTTPInterface.Doors(), logger: options.logger)
        enrichment.configure(try configuration.enrichers.map(maker.enricher))
        for item in configuration.sources { await parts.start(try maker.source(item), isFatal: true) }
        for item in configuration.forwarders {
            let sink = try maker.sink(item)
            parts.start(maker.forwarder(item, sink: sink, record: try await maker.record(item)))
        }
        let reloader = ConfigurationReloader(
            running: ReloadInput(reading: configuration),
            configured: configured,
            parts: parts,
            maker: maker,
            options: options
        )
        let http = makeInterface(
            configuration,
            pipeline: pipeline,
            doors: parts.doors,
            control: reloader,
            tokenHash: tokenHash,
            options
        )
        var services: [any Service] = [
            CancellableService { await store.run() }, PipelineService.intake(intake), parts.forwarderService,
            PipelineService.replays(replays), PipelineService.syncs(syncs), parts.sourceService, reloader,
        ]
        services.append(CancellableService { try await retention.run() })
        services.append(CancellableService { await enrichment.run(submittingTo: intake) })
        let damage = DamageWatch(store: store, intake: intake, time: time, logger: options.logger)
        services.append(CancellableService { try await damage.run() })
        if let reloadSignals { services.append(ReloadSignals(signals: reloadSignals, reloader: reloader)) }
        services.append(
            ListeningService(
                interface: http,
                address: configuration.listen,
                patience: options.isStandby ? Standby.bindPatience : .zero,
                time: time,
                logger: options.logger
            )
        )
        return services
    }
}
