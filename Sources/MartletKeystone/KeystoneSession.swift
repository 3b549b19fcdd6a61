import Martlet
package import MartletPipeline
package import MartletTransfer

/// A token of Keystone's that is there when it is asked for.
///
/// Who asks while one is being fetched waits for the same one, and gets the same error. A token is renewed before it ends;
/// where that fails and it is still good, it goes on being used. Nothing is retried here: the next one to ask tries again.
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
    private var waiters: [CheckedContinuation<Outcome, Never>] = []
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
        guard time.steadyNow >= token.renewal, !isWaiting else { return token }
        do throws(KeystoneError) {
            return try await fetched(after: token)
        } catch {
            guard error.code != .cancelled, time.steadyNow < token.expiry, current == token else { throw error }
            failure = (error, time.steadyNow + Self.renewalPause)
            return token
        }
    }

    /// Another token, since a service has refused this one; the one that somebody else has fetched meanwhile.
    package func token(after refused: KeystoneToken) async throws(KeystoneError) -> KeystoneToken {
        if current == refused { current = nil }
        return try await fetched(after: refused)
    }

    /// Whether the last failure is too fresh for another attempt.
    private var isWaiting: Bool { failure.map { time.steadyNow < $0.until } ?? false }

    private func fetched(after old: KeystoneToken?) async throws(KeystoneError) -> KeystoneToken {
        while true {
            if let token = current, token != old, time.steadyNow < token.renewal { return token }
            if let failure, isWaiting { throw failure.error }
            let outcome = isFetching ? await withCheckedContinuation { waiters.append($0) } : await fetch()
            // Whoever fetched was cancelled, which is no reason for those who waited for it.
            if case .failure(let error) = outcome, error.code == .cancelled, !Task.isCancelled { continue }
            return try outcome.get()
        }
    }

    private func fetch() async -> Outcome {
        isFetching = true
        let outcome = await ask()
        isFetching = false
        switch outcome {
        case .success(let token):
            current = token
            failure = nil
        case .failure(let error):
            if error.code == .refused { failure = (error, time.steadyNow + Self.refusalPause) }
        }
        let waiters = waiters
        self.waiters = []
        for waiter in waiters { waiter.resume(returning: outcome) }
        return outcome
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
