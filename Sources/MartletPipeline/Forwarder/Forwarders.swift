import Synchronization

/// The forwarders of a running server, by name; a reload adds to them and takes away.
package final class Forwarders: Sendable {
    private let forwarders: Mutex<[Forwarder]>

    package init(_ forwarders: [Forwarder]) { self.forwarders = Mutex(forwarders) }

    /// In the order of the configuration.
    package var all: [Forwarder] {
        get { forwarders.withLock { $0 } }
        set { forwarders.withLock { $0 = newValue } }
    }

    /// The forwarder of this name.
    package subscript(name: String) -> Forwarder? { all.first { $0.name == name } }
}
