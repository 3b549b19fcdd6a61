import Martlet
package import MartletPipeline
package import MartletTransfer

/// A token of Keystone's that is there when it is asked for.
///
/// Who asks while one is being fetched waits for the same one, and gets the same error. Fetching takes as long as the settings
/// allow it, however soon those who wait lose their patience: the next one to ask finds the token there. One that is due to be
/// renewed is handed out until it ends, while another is being fetched. Nothing is retried here: the next one to ask tries
/// again.
package actor KeystoneSession {
    package typealias Perform = @Sendable (HTTPRequest) async throws(TransferError) -> HTTPResponse

    private typealias Outcome = Result<KeystoneToken, KeystoneError>

    /// How long a refused credential is not tried again: Keystone may lock a user out who tries too often.
    static let refusalPause = Duration.seconds(30)
    /// How long a failed renewal is not tried again while the token is good.
    static let renewalPause = Duration.seconds(15)

    nonisolated package let settings: KeystoneSettings
    private let time: any TimeSource
    private let perform: Perform
    private var current: KeystoneToken?
    private var isFetching = false
    private var waiters: [Int: CheckedContinuation<Outcome, Never>] = [:]
    private var lastWaiter = 0
    private var failure: (error: KeystoneError, until: Timestamp)?

    /// Asks nothing yet.
    package init(_ settings: KeystoneSettings, time: any TimeSource, perform: @escaping Perform) {
        self.settings = settings
        self.time = time
        self.perform = perform
    }

    /// A token that is good.
    package func token() async throws(KeystoneError) -> KeystoneToken {
        guard let token = current, time.steadyNow < token.expiry else { return try await fetched(after: nil) }
        if time.steadyNow >= token.renewal, !isResting { fetch() }
        return token
    }

    /// Another token, since a service has refused this one; the one that somebody else has fetched meanwhile.
    package func token(after refused: KeystoneToken) async throws(KeystoneError) -> KeystoneToken {
        if current == refused { current = nil }
        return try await fetched(after: refused)
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
        case .failure(let error):
            if error.code == .refused {
                failure = (error, time.steadyNow + Self.refusalPause)
            } else if let current, time.steadyNow < current.expiry {
                failure = (error, time.steadyNow + Self.renewalPause)
            }
        }
        let waiters = waiters.values
        self.waiters = [:]
        for waiter in waiters { waiter.resume(returning: outcome) }
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
