import Logging
import MartletPipeline

extension Gateway {
    /// The replays, which look their forwarders up in the configuration.
    static func makeReplays(
        _ current: CurrentConfiguration,
        forwarders: Forwarders,
        store: any EventStore,
        time: any TimeSource,
        _ options: GatewayOptions
    ) -> Replays {
        let definitions = ReplayDestinations(environment: options.environment, time: time, logger: options.logger) {
            name in
            current.value.forwarders.first { $0.name == name }.map {
                ReplayDestinations.Live(configuration: $0, sink: forwarders[name]?.sink)
            }
        }
        return Replays(store: store, definitions: definitions, time: time, logger: options.logger)
    }
}
