import Logging
import Martlet
import MartletHTTP
import MartletPipeline

/// Makes what a configuration names. Nothing that it makes has reached a network, or does anything before it is run.
struct ComponentMaker: Sendable {
    let store: any EventStore
    let intake: Intake
    let dispatcher: Dispatcher
    let time: any TimeSource
    let logger: Logger

    /// - Throws: ``ComponentError`` or ``GatewayError`` where the settings are of no use.
    func source(_ item: Configuration.SourceConfiguration) throws -> SourcePart {
        guard let decoder = BuiltInFormats.decoder(named: item.format) else {
            throw GatewayError("There is no format named \(item.format).")
        }
        let port = SourcePort(
            origin: item.origin,
            decoder: decoder,
            ignore: item.ignore,
            intake: intake,
            time: time,
            logger: logger
        )
        let type = BuiltInComponents.sourceType(named: item.kind)
        if type == nil { port.monitor.isRunning(at: "/v1/sources/\(item.name)") }
        let context = ComponentContext(name: item.name, body: .event, time: time, logger: logger)
        return SourcePart(
            port: port,
            source: try type?.init(settings: item.settings, port: port, store: store, context: context),
            watch: item.expectEvery.map { SilenceWatch(port: port, expectEvery: $0, time: time, logger: logger) },
            door: HTTPInterface.Settings.Source(
                transport: item.kind,
                format: item.format,
                takesHTTP: type == nil,
                secrets: type == nil ? item.settings.strings("secret") : []
            )
        )
    }

    /// - Throws: ``ComponentError`` or ``GatewayError`` where the settings are of no use.
    func sink(_ item: Configuration.ForwarderConfiguration) throws -> any Sink {
        guard let type = BuiltInComponents.sinkType(named: item.kind) else {
            throw GatewayError("There is no sink named \(item.kind).")
        }
        let context = ComponentContext(name: item.name, body: item.body, time: time, logger: logger)
        return try type.init(settings: item.settings, context: context)
    }

    /// - Throws: ``ComponentError`` or ``GatewayError`` where the settings are of no use.
    func enricher(_ item: Configuration.EnricherConfiguration) throws -> EnrichmentPart {
        if let table = item.table { return .lookup(table) }
        guard let type = BuiltInComponents.enricherType(named: item.kind) else {
            throw GatewayError("There is no enricher named \(item.kind).")
        }
        let context = ComponentContext(name: item.kind, body: .enriched, time: time, logger: logger)
        let enricher = try type.init(settings: item.settings, context: context)
        return .member(
            EnrichmentMember(name: item.kind, enricher: enricher, policy: try EnricherPolicy(item.settings))
        )
    }

    /// What a forwarder is told of its configuration.
    func configuration(
        _ item: Configuration.ForwarderConfiguration,
        delivery: SinkDelivery
    ) -> Forwarder.Configuration {
        var window = DeliveryWindow.Configuration(delivery: delivery)
        window.order = item.order
        window.retry = item.retry
        window.afterOutage = item.afterOutage
        window.outage = item.outage
        return Forwarder.Configuration(
            name: item.name,
            filter: item.filter,
            body: item.body,
            gate: Gate(item.protection),
            window: window,
            retention: item.retention,
            enrichWait: item.enrichWait
        )
    }

    /// What the store has of a forwarder; made where it has nothing yet.
    func record(_ item: Configuration.ForwarderConfiguration) async throws -> ForwarderRecord {
        let start =
            switch item.start {
            case .now: try await store.head()
            case .earliest: Position.zero
            case .time(let time): try await store.position(before: time)
            }
        return try await store.openForwarder(name: item.name, start: start)
    }

    func forwarder(
        _ item: Configuration.ForwarderConfiguration,
        sink: any Sink,
        record: ForwarderRecord
    ) -> Forwarder {
        Forwarder(
            configuration(item, delivery: sink.delivery),
            record: record,
            sink: sink,
            store: store,
            intake: intake,
            dispatcher: dispatcher,
            time: time,
            logger: logger
        )
    }
}

/// All that belongs to one source.
struct SourcePart: Sendable {
    let port: SourcePort
    /// `nil` where it is the interface that takes in.
    let source: (any Source)?
    let watch: SilenceWatch?
    /// What the HTTP interface knows of it.
    let door: HTTPInterface.Settings.Source
}
