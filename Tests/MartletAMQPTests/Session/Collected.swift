import Synchronization

@testable import MartletAMQP

/// What callbacks have brought so far.
final class Collected<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])

    var elements: [Element] { state.withLock { $0 } }
    var count: Int { state.withLock { $0.count } }

    func add(_ elements: [Element]) { state.withLock { $0 += elements } }
    func add(_ element: Element) { add([element]) }
}

extension AMQPOutcome {
    /// Why it is lost; `nil` where it is not.
    var lost: AMQPError? {
        if case .lost(let error) = self { error } else { nil }
    }

    /// Why it was not sent; `nil` where it was.
    var unsent: AMQPError? {
        if case .unsent(let error) = self { error } else { nil }
    }
}
