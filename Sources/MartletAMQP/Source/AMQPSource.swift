import Logging
import Martlet
package import MartletPipeline
import Synchronization

/// Receives events from RabbitMQ, through a durable queue of its own.
///
/// Promises kept here: a message is acknowledged after its commit (1), a redelivered one without an id is stored once
/// (4, ``UnsettledCopies``), and the cloud is never blocked (10): prefetch and the queue's length are bounded, and a
/// source that cannot commit for ten seconds gives everything back and says so.
package final class AMQPSource: SourceType {
    /// For so long a batch may wait for its commit.
    static let patience = Duration.seconds(10)

    let configuration: AMQPSourceConfiguration
    let limits: AMQPLimits
    /// `nil` where it is no source of OpenStack's notifications.
    let notifications: NotificationState?
    let port: SourcePort
    let store: any EventStore
    let time: any TimeSource
    let logger: Logger
    /// Where it is no source of OpenStack's notifications, which keeps this on disk.
    let boundExchanges = Mutex(BoundExchanges())

    package convenience init(
        settings: ComponentSettings,
        port: SourcePort,
        store: any EventStore,
        context: ComponentContext
    ) throws {
        let configuration = try AMQPSourceConfiguration(settings, name: context.name)
        self.init(configuration: configuration, port: port, store: store, context: context)
    }

    /// A source of these settings, a temporary one for instance.
    package init(
        configuration: AMQPSourceConfiguration,
        limits: AMQPLimits = AMQPLimits(),
        port: SourcePort,
        store: any EventStore,
        context: ComponentContext
    ) {
        self.configuration = configuration
        self.limits = limits
        notifications = configuration.notifications.map(NotificationState.init)
        self.port = port
        self.store = store
        time = context.time
        logger = context.logger
    }

    package static func check(_ settings: ComponentSettings) throws -> [ComponentWarning] {
        try AMQPSourceConfiguration(settings, name: "").warnings
    }

    /// Receives until the task is cancelled; whatever fails is tried again.
    package func run() async throws {
        let bell = Doorbell()
        let commits = SideCommits(port: port, time: time, logger: logger, bell: bell)
        do {
            try await receive(commits, bell)
        } catch is CancellationError {
            // That is how it ends.
        }
        commits.tryForTheLastTime()
    }

    private func receive(_ commits: SideCommits, _ bell: Doorbell) async throws {
        let intake = try await makeIntake(bell)
        var backoff = Backoff()
        var known = try await persist("find its queue") {
            try await store.checkpoint(source: port.name, key: Self.queueKey)
        }
        try await recallExchanges()
        while !Task.isCancelled {
            let before = intake.withLedger { $0.commits }
            let error = await SourceStretch(source: self, intake: intake, commits: commits).run(&known)
            guard let error, !Task.isCancelled else { return }
            port.monitor.isFailing(SourceMonitor.Problem(error.what, at: error.place, remedy: error.remedy))
            if intake.withLedger({ $0.commits }) > before { backoff.reset() }
            try await commits.pause(for: backoff.next())
            try await waitForStore(intake, commits, isStalled: error.code == .stalled)
        }
    }

    /// The name of the queue that has been made, so that one that is gone is missed after a restart too.
    static let queueKey = "queue"

    /// Returns when the intake has answered everything: before that a new session would be given what may still be committed.
    /// After a stall it returns when the store has taken something again.
    private func waitForStore(_ intake: DeliveryIntake, _ commits: SideCommits, isStalled: Bool) async throws {
        while intake.withLedger({ $0.hasFlight }) { try await wait(for: intake, atMost: .seconds(1)) }
        guard isStalled else { return }
        var backoff = Backoff(longest: .seconds(10))
        intake.commitCheckpoint()
        var due = time.steadyNow + backoff.next()
        while intake.withLedger({ $0.hasFlight }) {
            commits.advance()
            try await wait(for: intake, atMost: max(.milliseconds(1), due - time.steadyNow))
            // A refusal rings the bell as well: what is refused at once would be tried again at once.
            guard time.steadyNow >= due else { continue }
            intake.tryAgain()
            due = time.steadyNow + backoff.next()
        }
    }

    private func wait(for intake: DeliveryIntake, atMost duration: Duration) async throws {
        await intake.bell.wait(atMost: duration, time: time)
        try Task.checkCancellation()
    }

    // MARK: What an earlier process left

    private func recallExchanges() async throws {
        guard let notifications else { return }
        let text = try await persist("find its exchanges") {
            try await store.checkpoint(source: port.name, key: ExchangeMemory.checkpointKey)
        }
        notifications.memory = ExchangeMemory(text ?? "", keeping: configuration.exchanges)
    }

    /// Returns when the intake has answered all that came before: a source whose place this one takes may have left a batch there
    /// that took longer than it could wait.
    private func waitForPredecessor() async throws {
        try await persist("wait for earlier commits") {
            do {
                _ = try await port.intake.submit(IntakeBatch(source: port.name, items: []))
            } catch is StoreError {
                // Its refusal is an answer too, and so is behind all others.
            }
        }
    }

    private func makeIntake(_ bell: Doorbell) async throws -> DeliveryIntake {
        try await waitForPredecessor()
        let text = try await persist("find what was not acknowledged") {
            try await store.checkpoint(source: port.name, key: DeliveryLedger.checkpointKey)
        }
        let stored = PositionRanges(text ?? "")
        let intake = DeliveryIntake(
            port: port,
            limits: limits,
            maximumQueueBytes: configuration.maximumQueueBytes,
            stored: stored,
            time: time,
            bell: bell
        )
        for range in stored.ranges {
            let hashes = try await persist("read what was not acknowledged") { try await self.hashes(in: range) }
            intake.withLedger { $0.copies.restore(range: range, hashes: hashes) }
        }
        return intake
    }

    /// The hashes of the events in the log that came without an id.
    private func hashes(in range: ClosedRange<Int64>) async throws -> [UInt64] {
        var hashes: [UInt64] = []
        var last = range.lowerBound - 1
        while last < range.upperBound {
            let limit = Int(min(range.upperBound - last, 500))
            let page = try await store.page(after: Position(rawValue: last), limit: limit, maximumBytes: 4 << 20)
            guard let end = page.last else { break }
            hashes += page.filter { $0.position.rawValue <= range.upperBound }.map { ContentHash.of($0.event) }
            last = end.position.rawValue
        }
        return hashes
    }

    /// Repeats what the store refuses, waiting longer each time.
    func persist<Value>(_ purpose: String, _ work: () async throws -> Value) async throws -> Value {
        var backoff = Backoff(longest: .seconds(10))
        while true {
            do {
                return try await work()
            } catch let error as CancellationError {
                throw error
            } catch {
                logger.warning(
                    "A source waits for the store.",
                    metadata: ["source": "\(port.name)", "purpose": "\(purpose)", "error": "\(error)"]
                )
                try await time.sleep(for: backoff.next())
            }
        }
    }
}

extension AMQPError.Code {
    /// The store takes nothing, so that everything was given back to the broker.
    static let stalled = AMQPError.Code(rawValue: "amqp.stalled")
}
