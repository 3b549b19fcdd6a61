import Martlet
import MartletPipeline

/// Binds a source's queue to the services' exchanges, which come and go.
///
/// oslo.messaging's are not durable where nobody says otherwise: they are gone with the broker's restart, and so are the
/// bindings to them, until each service publishes again. What a service publishes between is a gap.
struct NotificationExchanges: Sendable {
    let stretch: SourceStretch
    let session: AMQPSession
    let queue: String
    let state: NotificationState

    private var names: [String] { stretch.source.configuration.exchanges }
    private var monitor: SourceMonitor { stretch.monitor }

    /// What has become of the broker, told by an exchange of Martlet's own that goes with the others: it has the queue's
    /// name, so that whoever may make the queue may make it.
    func fate(of found: QueueSetup.Queue) async throws -> BrokerFate {
        if found.isNew { return .emptied }
        let hasMark = try await exists(queue)
        return state.memory.hasMark && !hasMark ? .restarted : .unchanged
    }

    /// Makes the mark; only once everything that its absence tells has been committed.
    func makeMark() async throws {
        var memory = state.memory
        do throws(AMQPError) {
            try await session.declareExchange(queue, type: "fanout", isDurable: false)
            memory.hasMark = true
        } catch {
            // Then a restart shows only by the exchanges that are missing.
            guard error.code == .accessRefused || error.code == .inequivalent else { throw error }
            memory.hasMark = false
        }
        keep(memory, gap: ExchangeGap())
    }

    /// Looks at each exchange, and binds the queue to those that are there.
    ///
    /// - Returns: whether it is bound to all.
    func look(_ fate: BrokerFate, isFirst: Bool) async throws -> Bool {
        var memory = state.memory
        var gap = ExchangeGap()
        var isComplete = true
        for name in names {
            let (after, missed) = try await look(at: name, memory.exchanges[name], fate, isFirst: isFirst)
            memory.exchanges[name] = after
            if case .unbound = after.binding { isComplete = false }
            // A queue that was made anew has its own alert.
            if let missed, fate != .emptied {
                gap.add(name, since: missed.since, wasBound: missed.wasBound)
            }
        }
        keep(memory, gap: gap)
        state.hasLooked(at: stretch.time.now)
        return isComplete
    }

    /// Commits what has changed together with the alerts of it.
    private func keep(_ memory: ExchangeMemory, gap: ExchangeGap) {
        let alerts = gap.alerts(at: stretch.time.now, isDraining: state.settings.drainsDefaultQueues)
        let isWorthIt = memory.isDifferent(from: state.memory)
        state.memory = memory
        guard isWorthIt || !alerts.isEmpty else { return }
        stretch.commits.add(
            alerts,
            checkpoints: [Checkpoint(key: ExchangeMemory.checkpointKey, value: memory.text)]
        )
    }

    // MARK: One exchange

    private struct Missed {
        var since: Timestamp?
        var wasBound: Bool
    }

    private func look(
        at name: String,
        _ before: ExchangeMemory.Exchange?,
        _ fate: BrokerFate,
        isFirst: Bool
    ) async throws -> (after: ExchangeMemory.Exchange, missed: Missed?) {
        let isThere = try await exists(name)
        var known = before
        if let exchange = before, ExchangeStep.losesBinding(isThere: isThere, known: exchange, fate: fate) {
            known?.binding = .unbound(since: fate == .restarted ? state.lastAnswer : state.lastLook)
        }
        let step = ExchangeStep.next(
            isThere: isThere,
            known: known,
            fate: fate,
            configured: state.settings.declared
        )
        let problem = try await take(step, name)
        monitor.warn("exchange \(name)", problem)
        let now = stretch.time.now
        guard problem == nil else {
            var after = known ?? ExchangeMemory.Exchange(binding: .unbound(since: now))
            // One that has never been there has nothing published to it.
            if !after.wasBound, !isThere { after.binding = .unbound(since: now) }
            return (after, nil)
        }
        var after = known ?? ExchangeMemory.Exchange(binding: .bound)
        let isNew = after.binding != .bound
        if isFirst || isNew {
            let flags = try await session.flags(ofExchange: name, guess: after.flags)
            after.flags = isNew ? flags : flags ?? after.flags
        }
        var missed: Missed?
        if case .unbound(let since) = after.binding {
            // Nothing was published to an exchange that was never there.
            if after.wasBound || step == .bind { missed = Missed(since: since, wasBound: after.wasBound) }
            after.binding = .bound
        }
        after.wasBound = true
        return (after, missed)
    }

    /// - Returns: why the queue is not bound; `nil` where it is.
    private func take(_ step: ExchangeStep, _ name: String) async throws -> SourceMonitor.Problem? {
        do throws(AMQPError) {
            switch step {
            case .wait: return ExchangeProblem.missing(name, at: session.place)
            case .bind: break
            case .declare(let flags):
                if let problem = try await declare(name, flags) { return problem }
            }
            for key in state.settings.keys { try await session.bind(queue: queue, to: name, pattern: key) }
            return nil
        } catch {
            switch error.code {
            case .missing: return ExchangeProblem.missing(name, at: session.place)
            case .accessRefused: return ExchangeProblem.unreadable(name, queue, error)
            default: throw error
            }
        }
    }

    private func declare(_ name: String, _ flags: ExchangeFlags) async throws(AMQPError) -> SourceMonitor.Problem? {
        do throws(AMQPError) {
            try await session.declareExchange(name, isDurable: flags.isDurable, isAutoDelete: flags.isAutoDelete)
            return nil
        } catch {
            switch error.code {
            case .accessRefused: return ExchangeProblem.undeclarable(name, error)
            // Its service was quicker: what is there is right.
            case .inequivalent: return nil
            default: throw error
            }
        }
    }

    private func exists(_ exchange: String) async throws(AMQPError) -> Bool {
        do throws(AMQPError) {
            try await session.checkExchange(exchange)
            return true
        } catch {
            guard error.code == .missing else { throw error }
            return false
        }
    }
}

extension ExchangeMemory {
    /// Whether the store should know: the moments at which one was looked for in vain do not matter.
    fileprivate func isDifferent(from other: ExchangeMemory) -> Bool { settled != other.settled }

    private var settled: ExchangeMemory {
        var memory = self
        for (name, exchange) in exchanges where !exchange.wasBound {
            memory.exchanges[name]?.binding = .unbound(since: nil)
        }
        return memory
    }
}
