/// Everything that a way in or out needs: what the HTTP interface is built on.
package struct Pipeline: Sendable {
    package let store: any EventStore
    package let intake: Intake
    package let sources: [String: SourcePort]
    package let forwarders: Forwarders
    package let dispatcher: Dispatcher
    package let time: any TimeSource
    /// `nil` where nothing is ever removed.
    package let retention: Retention?

    package init(
        store: any EventStore,
        intake: Intake,
        sources: [String: SourcePort],
        forwarders: Forwarders,
        dispatcher: Dispatcher,
        time: any TimeSource,
        retention: Retention? = nil
    ) {
        self.store = store
        self.intake = intake
        self.sources = sources
        self.forwarders = forwarders
        self.dispatcher = dispatcher
        self.time = time
        self.retention = retention
    }
}
