import Logging
import Martlet
import MartletPipeline

/// Makes what replays need of their definitions and of what is configured at the moment.
struct ReplayDestinations: ReplayDefinitionReader {
    /// What a forwarder is at the moment.
    struct Live: Sendable {
        var configuration: Configuration.ForwarderConfiguration
        /// The sink of the running forwarder, which is lent where there can be no second one.
        var sink: (any Sink)?
    }

    /// Where `${NAME}` is looked up.
    let environment: [String: String]
    let time: any TimeSource
    let logger: Logger
    /// Looks a forwarder up, anew each time: the configuration may have been changed meanwhile.
    let forwarder: @Sendable (_ name: String) -> Live?

    func outline(of definition: [UInt8]) throws(ReplayError) -> ReplayOutline {
        let definition = try ReplayDefinition(definition, environment: environment)
        switch definition.target {
        case .forwarder(let name):
            let live = try live(name)
            return ReplayOutline(
                forwarder: name,
                sink: live.configuration.kind,
                filters: [live.configuration.filter, definition.filter]
            )
        case .own(let configuration):
            return ReplayOutline(forwarder: nil, sink: configuration.kind, filters: [definition.filter])
        }
    }

    func destination(for definition: [UInt8], name: String) throws(ReplayError) -> ReplayDestination {
        let definition = try ReplayDefinition(definition, environment: environment)
        switch definition.target {
        case .forwarder(let forwarder):
            let live = try live(forwarder)
            var destination = try destination(live.configuration, lending: live.sink, name: name)
            destination.filters = [live.configuration.filter, definition.filter]
            return destination
        case .own(let configuration):
            var destination = try destination(configuration, lending: nil, name: name)
            destination.filters = [definition.filter]
            return destination
        }
    }

    func redacted(_ definition: [UInt8]) -> [UInt8] { RedactedReplayDefinition(definition).json }

    private func live(_ name: String) throws(ReplayError) -> Live {
        guard let live = forwarder(name) else {
            throw ReplayError(
                .unknownForwarder,
                "There is no forwarder “\(name)” in the configuration.",
                field: "forwarder"
            )
        }
        return live
    }

    private func destination(
        _ configuration: Configuration.ForwarderConfiguration,
        lending live: (any Sink)?,
        name: String
    ) throws(ReplayError) -> ReplayDestination {
        ReplayDestination(
            sink: try sink(configuration, lending: live, name: name),
            gate: Gate(configuration.protection),
            body: configuration.body,
            order: configuration.order,
            retry: configuration.retry
        )
    }

    private func sink(
        _ configuration: Configuration.ForwarderConfiguration,
        lending live: (any Sink)?,
        name: String
    ) throws(ReplayError) -> any Sink {
        if let live, live is any ExclusiveSink { return LentSink(live) }
        guard let type = BuiltInComponents.sinkType(named: configuration.kind) else {
            throw ReplayError(.invalid, "There is no sink named \(configuration.kind).", field: "sink")
        }
        let context = ComponentContext(name: name, body: configuration.body, time: time, logger: logger)
        do {
            return try type.init(settings: configuration.settings, context: context)
        } catch let error as ComponentError {
            throw ReplayError(.invalid, error.description, field: configuration.kind)
        } catch {
            throw ReplayError(.invalid, "The sink cannot be made: \(error)", field: configuration.kind)
        }
    }
}
