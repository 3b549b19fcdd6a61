import Synchronization

/// Set when the user wants an end; asked by who works meanwhile.
final class StopRequest: Sendable {
    private let state = Mutex(false)

    var isMade: Bool { state.withLock { $0 } }

    func make() { state.withLock { $0 = true } }
}
