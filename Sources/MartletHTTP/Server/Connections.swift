import NIOCore
import Synchronization

/// The connections of the interface, bounded: see ``ConnectionTable``.
final class Connections: Sendable {
    private struct State {
        var table: ConnectionTable<ObjectIdentifier>
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Refused ones that have not gone yet.
        var leaving = 0
    }

    /// More refused ones than these are closed without an answer.
    private static let maximumLeaving = 128

    private let state: Mutex<State>

    init(maximum: Int, patience: TimeAmount) {
        state = Mutex(State(table: ConnectionTable(maximum: maximum, patience: patience)))
    }

    var count: Int { state.withLock { $0.table.count } }

    /// What to do with a connection that has been opened.
    enum Admission: Sendable {
        case welcome
        /// It is told to come again, and then ``hasLeft()``.
        case refused
        /// There is no time to tell it anything.
        case dropped
    }

    /// A connection has been opened; another one may be closed for it.
    func open(_ channel: any Channel) -> Admission {
        let id = ObjectIdentifier(channel)
        let (admission, closed) = state.withLock { state -> (Admission, (any Channel)?) in
            switch state.table.open(id, at: .now()) {
            case .welcome:
                state.channels[id] = channel
                return (.welcome, nil)
            case .welcomeInstead(let oldest):
                state.channels[id] = channel
                return (.welcome, state.channels.removeValue(forKey: oldest))
            case .refused:
                guard state.leaving < Self.maximumLeaving else { return (.dropped, nil) }
                state.leaving += 1
                return (.refused, nil)
            }
        }
        closed?.close(promise: nil)
        return admission
    }

    /// A refused connection is gone.
    func hasLeft() { state.withLock { $0.leaving -= 1 } }

    func close(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in
            state.table.close(id)
            state.channels[id] = nil
        }
    }

    /// The head of a request has come.
    func begin(_ channel: any Channel) { state.withLock { $0.table.begin(ObjectIdentifier(channel)) } }

    /// The request has been answered.
    func end(_ channel: any Channel) { state.withLock { $0.table.end(ObjectIdentifier(channel), at: .now()) } }

    /// Whether the client takes what is written to it.
    func isTaking(_ isTaking: Bool, _ channel: any Channel) {
        state.withLock { $0.table.isTaking(isTaking, ObjectIdentifier(channel), at: .now()) }
    }

    /// When to look at a connection again; `nil` where its time is over.
    func deadline(of channel: any Channel) -> NIODeadline? {
        state.withLock { $0.table.deadline(of: ObjectIdentifier(channel), at: .now()) }
    }
}
