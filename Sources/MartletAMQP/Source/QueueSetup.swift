import MartletPipeline

/// Makes the source's queue and its bindings, as far as the broker lets it.
///
/// Exchanges are only looked for: that needs no permission, and one that is missing stops no other.
struct QueueSetup: Sendable {
    /// How the queue was found.
    struct Queue: Sendable {
        var name: String
        /// Messages that wait in it.
        var messages: Int
        /// Those of others.
        var consumers: Int
        /// Whether it was not there before.
        var isNew: Bool
        /// Why it is used as it is, and not as the configuration would have it.
        var difference: SourceMonitor.Problem?
    }

    let configuration: AMQPSourceConfiguration
    let session: AMQPSession

    /// Makes the queue, or takes the one that is there.
    func declareQueue() async throws(AMQPError) -> Queue { try await declareQueue(over: find()) }

    /// The same for one that has been looked for.
    ///
    /// - Parameter found: what ``find()`` has answered.
    func declareQueue(over found: AMQPQueueState?) async throws(AMQPError) -> Queue {
        let declaration = declaration
        do throws(AMQPError) {
            let state = try await session.declareQueue(declaration)
            return Queue(
                name: state.name,
                messages: state.messages,
                consumers: state.consumers,
                isNew: found == nil
            )
        } catch {
            guard let found, error.code == .inequivalent || error.code == .accessRefused else { throw error }
            let difference = SourceMonitor.Problem(
                "the queue \(found.name) is not as the configuration would make it: \(error.what)",
                at: session.place,
                remedy: "leave it so, or delete the queue when it is empty: it is made anew"
            )
            return Queue(
                name: found.name,
                messages: found.messages,
                consumers: found.consumers,
                isNew: false,
                difference: error.code == .inequivalent ? difference : nil
            )
        }
    }

    /// The queue that is there; `nil` where there is none, as of one that goes with the connection.
    func find() async throws(AMQPError) -> AMQPQueueState? {
        guard case .durable(let name, _) = configuration.queue else { return nil }
        do throws(AMQPError) {
            return try await session.queueState(name)
        } catch {
            // A queue whose node is down is “not found” too, and is not lost.
            guard error.code == .missing, !error.what.contains("down or inaccessible") else { throw error }
            return nil
        }
    }

    private var declaration: AMQPQueue {
        var arguments: AMQPArguments = [:]
        if configuration.maximumQueueBytes > 0 {
            arguments["x-max-length-bytes"] = .integer(Int64(configuration.maximumQueueBytes))
            arguments["x-overflow"] = .string("drop-head")
        }
        guard case .durable(let name, let type) = configuration.queue else {
            return AMQPQueue(
                name: AMQPQueue.temporaryName("try"),
                isDurable: false,
                isExclusive: true,
                isAutoDelete: true,
                arguments: arguments
            )
        }
        arguments["x-queue-type"] = .string(type.rawValue)
        // A standby waits, and two Martlets never split the stream.
        arguments["x-single-active-consumer"] = .boolean(true)
        // From 4.0 on a quorum queue discards what was delivered twenty times, where nobody says otherwise.
        if type == .quorum, session.server.isRabbitMQ(atLeast: 4) { arguments["x-delivery-limit"] = .integer(-1) }
        return AMQPQueue(name: name, arguments: arguments)
    }

    /// Why a queue could not be bound to an exchange.
    struct Obstacle: Sendable {
        var problem: SourceMonitor.Problem
        /// Whether the exchange is not there, and so no binding either.
        var isMissing: Bool
    }

    /// Binds the queue to an exchange; again does nothing.
    ///
    /// - Returns: why it could not be done; `nil` where it was.
    /// - Throws: what concerns the whole connection.
    func bind(_ queue: String, to exchange: String) async throws(AMQPError) -> Obstacle? {
        do throws(AMQPError) {
            try await session.checkExchange(exchange)
            for pattern in configuration.bindings {
                try await session.bind(queue: queue, to: exchange, pattern: pattern)
            }
            return nil
        } catch {
            switch error.code {
            case .missing:
                let problem = SourceMonitor.Problem(
                    "there is no exchange \(exchange): nothing comes from it",
                    at: session.place,
                    remedy:
                        "check its name and the virtual host, or have the cloud publish once; it is looked for again"
                )
                return Obstacle(problem: problem, isMissing: true)
            case .accessRefused:
                let problem = SourceMonitor.Problem(
                    "the queue cannot be bound to the exchange \(exchange): \(error.what)",
                    at: session.place,
                    remedy: "let the user write the queue \(queue) and read the exchange \(exchange); it is tried again"
                )
                return Obstacle(problem: problem, isMissing: false)
            default:
                throw error
            }
        }
    }
}
