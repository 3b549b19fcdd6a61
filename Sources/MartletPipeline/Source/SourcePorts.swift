import Synchronization

/// The ways in of a running server's sources, by name; a reload adds to them and takes away.
package final class SourcePorts: Sendable {
    private let ports: Mutex<[String: SourcePort]>

    package init(_ ports: [String: SourcePort]) { self.ports = Mutex(ports) }

    package var all: [String: SourcePort] { ports.withLock { $0 } }

    package subscript(name: String) -> SourcePort? {
        get { ports.withLock { $0[name] } }
        set { ports.withLock { $0[name] = newValue } }
    }
}
