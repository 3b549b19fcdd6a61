import Synchronization

/// Lets many through at once, or one alone, in the order in which they came.
final class Turnstile: Sendable {
    private struct State {
        var insideCount = 0
        /// The one inside wants nobody beside it.
        var isTakenAlone = false
        var waiting: [(isAlone: Bool, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func enter(_ isAlone: Bool) -> Bool {
            guard !isTakenAlone, !isAlone || insideCount == 0 else { return false }
            insideCount += 1
            isTakenAlone = isAlone
            return true
        }

        /// - Returns: who may go on now.
        mutating func leave() -> [CheckedContinuation<Void, Never>] {
            insideCount -= 1
            isTakenAlone = false
            var admitted: [CheckedContinuation<Void, Never>] = []
            while let next = waiting.first, enter(next.isAlone) { admitted.append(waiting.removeFirst().continuation) }
            return admitted
        }
    }

    private let state = Mutex(State())

    /// Runs a body, when it is its turn.
    ///
    /// A cancelled task waits for its turn nevertheless: whoever is inside ends by itself.
    ///
    /// - Parameter isAlone: whether nobody else may be inside meanwhile.
    func pass<Result>(alone isAlone: Bool, _ body: () async -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let mayEnter = state.withLock { state in
                // Behind one who waits to be alone everybody waits.
                if state.waiting.isEmpty, state.enter(isAlone) { return true }
                state.waiting.append((isAlone, continuation))
                return false
            }
            if mayEnter { continuation.resume() }
        }
        defer {
            for continuation in state.withLock({ $0.leave() }) { continuation.resume() }
        }
        return await body()
    }
}
