import Logging
import MartletPipeline
import Synchronization

/// What is configured for the forwarders at the moment.
final class ConfiguredForwarders: Sendable {
    private let forwarders: Mutex<[Configuration.ForwarderConfiguration]>

    init(_ forwarders: [Configuration.ForwarderConfiguration]) { self.forwarders = Mutex(forwarders) }

    subscript(name: String) -> Configuration.ForwarderConfiguration? {
        forwarders.withLock { $0.first { $0.name == name } }
    }

    /// Takes what a reload has put into force.
    func use(_ new: [Configuration.ForwarderConfiguration]) { forwarders.withLock { $0 = new } }
}

extension Gateway {
    /// The replays, which look their forwarders up in what is configured at the moment.
    static func makeReplays(
        _ configured: ConfiguredForwarders,
        forwarders: Forwarders,
        store: any EventStore,
        enrichment: Enrichment,
        time: any TimeSource,
        _ options: GatewayOptions
    ) -> Replays {
        let definitions = ReplayDestinations(environment: options.environment, time: time, logger: options.logger) {
            name in
            configured[name].map {
                ReplayDestinations.Live(configuration: $0, sink: forwarders[name]?.sink)
            }
        }
        return Replays(
            store: store,
            definitions: definitions,
            enrichment: enrichment,
            time: time,
            logger: options.logger
        )
    }
}
