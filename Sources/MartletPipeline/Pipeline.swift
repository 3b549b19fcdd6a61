/// Everything that a way in or out needs: what the HTTP interface is built on.
package struct Pipeline: Sendable {
    package let store: any EventStore
    package let intake: Intake
    package let sources: SourcePorts
    package let forwarders: Forwarders
    package let replays: Replays
    package let syncs: Syncs
    package let dispatcher: Dispatcher
    package let time: any TimeSource
    /// `nil` where nothing is ever removed.
    package let retention: Retention?

    package init(
        store: any EventStore,
        intake: Intake,
        sources: [String: SourcePort],
        forwarders: Forwarders,
        replays: Replays? = nil,
        syncs: Syncs? = nil,
        dispatcher: Dispatcher,
        time: any TimeSource,
        retention: Retention? = nil
    ) {
        self.store = store
        self.intake = intake
        self.sources = SourcePorts(sources)
        self.forwarders = forwarders
        self.replays = replays ?? Replays(store: store, definitions: NoReplayDefinitions(), time: time)
        self.syncs = syncs ?? Syncs(store: store, intake: intake, time: time)
        self.dispatcher = dispatcher
        self.time = time
        self.retention = retention
    }
}
