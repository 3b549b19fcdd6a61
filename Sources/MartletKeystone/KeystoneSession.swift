package import Logging
import Martlet
package import MartletPipeline
package import MartletTransfer
import Synchronization

/// A token of Keystone's that is there when it is asked for.
///
/// Who asks while one is being fetched waits for the same one, and gets the same error. Fetching takes as long as the settings
/// allow it, however soon those who wait lose their patience: the next one to ask finds the token there. One that is due to be
/// renewed is handed out until it ends, while another is being fetched; where that fails, it is said, and tried again after a
/// pause that grows. Nothing else is retried here: the next one to ask tries again.
package actor KeystoneSession {
    package typealias Perform = @Sendable (HTTPRequest) async throws(TransferError) -> HTTPResponse

    private typealias Outcome = Result<KeystoneToken, KeystoneError>

    /// How long a refused credential is not tried again: Keystone may lock a user out who tries too often.
    static let refusalPause = Duration.seconds(30)
    /// How old a token is at the least for whom its roles or its catalogue do not suffice to be given another.
    static let staleness = Duration.seconds(60)

    nonisolated package let settings: KeystoneSettings
    private let time: any TimeSource
    private let logger: Logger
    private let perform: Perform
    private var current: KeystoneToken?
    private var isFetching = false
    private var waiters: [Int: CheckedContinuation<Outcome, Never>] = [:]
    private var lastWaiter = 0
    private var failure: (error: KeystoneError, until: Timestamp)?
    /// Beside the actor's state, so that nobody waits who only looks.
    private nonisolated let renewal = Mutex<KeystoneRenewal?>(nil)

    /// Asks nothing yet.
    package init(_ settings: KeystoneSettings, time: any TimeSource, logger: Logger, perform: @escaping Perform) {
        self.settings = settings
        self.time = time
        self.logger = logger
        self.perform = perform
    }

    /// What is wrong though the token is still good, and what would help; `nil` where nothing is.
    package nonisolated var warning: String? {
        let now = time.steadyNow
        return renewal.withLock { $0?.warning(at: now) }
    }

    /// A token that is good.
    package func token() async throws(KeystoneError) -> KeystoneToken {
        guard let token = current, time.steadyNow < token.expiry else { return try await fetched(after: nil) }
        if time.steadyNow >= token.renewal, !isResting { fetch() }
        return token
    }

    /// Another token, since a service has refused this one; the one that somebody else has fetched meanwhile.
    package func token(after refused: KeystoneToken) async throws(KeystoneError) -> KeystoneToken {
        if current == refused {
            current = nil
            // What is wrong with the renewal of a token is of no interest to one who has none.
            renewal.withLock { $0 = nil }
            if failure?.error.code != .refused { failure = nil }
        }
        return try await fetched(after: refused)
    }

    /// Another token than one whose roles or whose catalogue do not suffice: they may be others by now. The same one where it is
    /// not old, or where there is no other.
    package func newerToken(than old: KeystoneToken) async -> KeystoneToken {
        if let current, current != old { return current }
        guard time.steadyNow - old.asked >= Self.staleness, !isResting else { return old }
        fetch()
        return (try? await outcome().get()) ?? old
    }

    /// Whether the last failure is too fresh for another attempt.
    var isResting: Bool { failure.map { time.steadyNow < $0.until } ?? false }

    private func fetched(after old: KeystoneToken?) async throws(KeystoneError) -> KeystoneToken {
        if let token = current, token != old, time.steadyNow < token.renewal { return token }
        if let failure, isResting { throw failure.error }
        fetch()
        return try await outcome().get()
    }

    /// Asks Keystone, where nobody does yet.
    private func fetch() {
        guard !isFetching else { return }
        isFetching = true
        // A task of its own, because what it fetches is everybody's, and must not end with the patience of whoever asked first. It
        // ends by itself: the request's time is bounded by the settings.
        Task { conclude(await ask()) }
    }

    private func conclude(_ outcome: Outcome) {
        isFetching = false
        switch outcome {
        case .success(let token):
            current = token
            failure = nil
            noteSuccess()
        case .failure(let error):
            let now = time.steadyNow
            let pause = noteFailure(error, now)
            // Who has no token any more does not wait, but for a refusal's sake.
            let patience = min(pause ?? .zero, (current?.expiry ?? now) - now)
            let least = error.code == .refused ? Self.refusalPause : .zero
            if max(patience, least) > .zero { failure = (error, now + max(patience, least)) }
        }
        let waiters = waiters.values
        self.waiters = [:]
        for waiter in waiters { waiter.resume(returning: outcome) }
    }

    /// - Returns: how long not to try again; `nil` where there is no token that is good.
    private func noteFailure(_ error: KeystoneError, _ now: Timestamp) -> Duration? {
        guard let current, now < current.expiry else { return nil }
        let (isFirst, pause) = renewal.withLock { renewal in
            let isFirst = renewal == nil
            if isFirst { renewal = KeystoneRenewal(error, expiry: current.expiry) } else { renewal?.fail(error) }
            return (isFirst, renewal?.pause)
        }
        if isFirst {
            logger.warning(
                "Keystone has not renewed a token; it is used until it ends, and its renewal is tried again.",
                metadata: [
                    "keystone": "\(settings.url)", "error": "\(error)",
                    "ends-in": "\((current.expiry - now).components.seconds) s",
                ]
            )
        }
        return pause
    }

    private func noteSuccess() {
        let former = renewal.withLock { renewal in
            defer { renewal = nil }
            return renewal
        }
        guard let former else { return }
        logger.notice(
            "Keystone has renewed the token.",
            metadata: ["keystone": "\(settings.url)", "failures": "\(former.failures)"]
        )
    }

    /// What becomes of the fetching that is under way; a failure as soon as the task is cancelled.
    private func outcome() async -> Outcome {
        lastWaiter += 1
        let id = lastWaiter
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiters[id] = $0 }
        } onCancel: {
            // A task of its own, because this is no place of the actor's; it does nothing but let one waiter go, who waits by
            // the time that it gets there.
            Task { await self.letGo(id) }
        }
    }

    private func letGo(_ id: Int) {
        let error = KeystoneError(.cancelled, "Keystone: nobody waits for the token any more.")
        waiters.removeValue(forKey: id)?.resume(returning: .failure(error))
    }

    private func ask() async -> Outcome {
        let answer = KeystoneAnswer(settings: settings)
        let asked = time.steadyNow
        do throws(TransferError) {
            let response = try await perform(KeystoneRequest(settings: settings).make())
            return Result { () throws(KeystoneError) in try answer.token(from: response, asked: asked) }
        } catch {
            return .failure(answer.error(error))
        }
    }
}
