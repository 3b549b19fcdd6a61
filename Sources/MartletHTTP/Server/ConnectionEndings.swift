import NIOCore
import Synchronization

/// The connections that end after the answer to their request: the rest of the request is not wanted.
final class ConnectionEndings: Sendable {
    private let marked = Mutex<Set<ObjectIdentifier>>([])

    /// Has the connection ended after the answer.
    func mark(_ channel: any Channel) { marked.withLock { _ = $0.insert(ObjectIdentifier(channel)) } }

    /// Whether the connection is to end; asked once, after each answer.
    func take(_ channel: any Channel) -> Bool { marked.withLock { $0.remove(ObjectIdentifier(channel)) != nil } }
}
