/// A session that is opened when it is asked for, and another when that one has ended.
///
/// Who asks while it is being opened waits for the same one. Nothing is retried here: the next one to ask tries again.
actor AMQPLink {
    typealias Preparation = @Sendable (AMQPSession) async throws(AMQPError) -> Void

    private let settings: AMQPSettings
    private let name: String
    private let observer: @Sendable (AMQPNotice) -> Void
    private let preparation: Preparation
    private var session: AMQPSession?
    private var isPrepared = false
    private var isOpening = false
    private var isClosed = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// - Parameter preparation: run on a new session before anybody gets it, and again after ``prepareAgain()``.
    init(
        _ settings: AMQPSettings,
        name: String,
        observer: @escaping @Sendable (AMQPNotice) -> Void = { _ in },
        preparation: @escaping Preparation
    ) {
        self.settings = settings
        self.name = name
        self.observer = observer
        self.preparation = preparation
    }

    /// The session that is there, or a new one.
    func ready() async throws(AMQPError) -> AMQPSession {
        while isOpening { await withCheckedContinuation { waiters.append($0) } }
        guard !isClosed else { throw closed }
        if let session, session.failure == nil {
            // A broker that takes no messages reads nothing at all on this connection: it would answer no preparation.
            if let reason = session.blockedReason { throw .blocked(reason, at: session.place) }
            if isPrepared { return session }
        }
        isOpening = true
        defer {
            isOpening = false
            for waiter in waiters { waiter.resume() }
            waiters = []
        }
        let session = try await openSession()
        // Whoever closed the link meanwhile did not see this session.
        guard !isClosed else {
            await session.close()
            throw closed
        }
        self.session = session
        try await preparation(session)
        isPrepared = true
        return session
    }

    private func openSession() async throws(AMQPError) -> AMQPSession {
        if let session, session.failure == nil { return session }
        isPrepared = false
        return try await AMQPSession.open(settings, name: name, observer: observer)
    }

    /// Has the next one to ask wait for another preparation: what was found there may be gone.
    func prepareAgain() { isPrepared = false }

    /// Ends the session in order; no other is opened.
    func close() async {
        isClosed = true
        let last = session
        session = nil
        await last?.close()
    }

    private var closed: AMQPError {
        AMQPError(.closed, "the connection was closed by this program", at: settings.place, remedy: "nothing is wrong")
    }
}
