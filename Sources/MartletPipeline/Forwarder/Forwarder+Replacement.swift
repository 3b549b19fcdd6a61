import Martlet
import Synchronization

// How a running forwarder changes, and how it is taken away.

extension Forwarder {
    /// What deliveries are made under; one in flight keeps what it has begun with.
    struct Tenure: Sendable {
        let configuration: Configuration
        let sink: any Sink

        init(_ state: State) {
            configuration = state.configuration
            sink = state.sink
        }
    }

    /// A configuration that waits for its turn.
    struct Successor {
        let configuration: Configuration
        let sink: (any Sink)?
        let taken: CheckedContinuation<(any Sink)?, Never>
    }

    /// Whether ``run()`` runs, and what is asked of it.
    struct Life {
        var isRunning = false
        var isStopping = false
        /// Taken out of the configuration.
        var isRetired = false
        var successors: [Successor] = []
        /// Those who wait for the end of ``run()``.
        var mourners: [CheckedContinuation<Void, Never>] = []

        /// Whether nothing more is to be handed out as things are.
        var isEnding: Bool { isStopping || !successors.isEmpty }
    }

    /// Gives the forwarder another configuration; returns when it is in force.
    ///
    /// What is in flight is finished under the former one, or abandoned after five seconds and tried again. Cursor, counts,
    /// parked events and dead letters stay; ``DeliveryWindow/reconfigure(_:_:now:)`` says what is looked at anew.
    ///
    /// - Parameters:
    ///   - configuration: of the same name.
    ///   - sink: another destination, or another way to it; `nil` keeps the sink there is. The one that is not used any more
    ///     is closed.
    package func replace(_ configuration: Configuration, sink: (any Sink)?) async {
        precondition(configuration.name == name, "A forwarder is its name.")
        let unused: (any Sink)? = await withCheckedContinuation { continuation in
            let (isWaiting, unused) = state.withLock { state -> (Bool, (any Sink)?) in
                if state.life.isRunning {
                    state.life.successors.append(
                        Successor(configuration: configuration, sink: sink, taken: continuation)
                    )
                    return (true, nil)
                }
                return (false, state.life.isStopping ? sink : install(configuration, sink, &state))
            }
            if isWaiting { doorbell.ring() } else { continuation.resume(returning: unused) }
        }
        await unused?.close()
    }

    /// Installs the next configuration, if there is one and the end has not come; tells whether it has.
    func takeOver() async -> Bool {
        let taken = state.withLock { state -> (successor: Successor, former: (any Sink)?)? in
            guard !state.life.isStopping, !Task.isCancelled, !state.life.successors.isEmpty else { return nil }
            let successor = state.life.successors.removeFirst()
            return (successor, install(successor.configuration, successor.sink, &state))
        }
        guard let (successor, former) = taken else { return false }
        // Before the next delivery: the new one may write to the same file.
        await former?.close()
        intake.progressMade()
        successor.taken.resume(returning: nil)
        return true
    }

    /// - Returns: the sink that is not used any more.
    private func install(_ configuration: Configuration, _ sink: (any Sink)?, _ state: inout State) -> (any Sink)? {
        let former = state.configuration
        let change = DeliveryWindow.Reconfiguration(
            filterChanged: former.filter != configuration.filter,
            destinationChanged: sink != nil
        )
        if change.filterChanged {
            // In one step with the window: nobody feeds it what is to be read anew.
            dispatcher.reroute(id, from: former.filter, to: configuration.filter)
            state.events.removeAll()
        }
        state.window.reconfigure(configuration.window, change, now: time.now)
        state.configuration = configuration
        guard let sink else { return nil }
        defer { state.sink = sink }
        return state.sink
    }

    /// Closes what there is to close, and tells those who wait for it.
    func end() async {
        let (sink, life) = state.withLock { state in
            defer { state.life = Life(isStopping: true, isRetired: state.life.isRetired) }
            return (state.sink, state.life)
        }
        await sink.close()
        for successor in life.successors {
            await successor.sink?.close()
            successor.taken.resume(returning: nil)
        }
        for mourner in life.mourners { mourner.resume() }
    }

    /// Ends the forwarder because the configuration names it no more; returns when its last progress is on disk.
    ///
    /// What the store has of it stays, and a forwarder of the same name goes on from there.
    ///
    /// - Throws: ``IntakeError`` or ``StoreError`` where the last progress could not be saved. It goes along with a later
    ///   commit; until this has been called again with success, no other forwarder may be made of its record.
    package func retire() async throws {
        await withCheckedContinuation { continuation in
            let isRunning = state.withLock { state in
                state.life.isStopping = true
                state.life.isRetired = true
                if state.life.isRunning { state.life.mourners.append(continuation) }
                return state.life.isRunning
            }
            if isRunning { doorbell.ring() } else { continuation.resume() }
        }
        dispatcher.unregister(id, filter: configuration.filter)
        try await intake.save()
        intake.remove(self)
    }
}
