import Synchronization

/// The forwarders of a running server, by name; a reload adds to them and takes away.
package final class Forwarders: Sendable {
    private let forwarders: Mutex<[Forwarder]>

    package init(_ forwarders: [Forwarder]) { self.forwarders = Mutex(forwarders) }

    /// In the order of the configuration.
    package var all: [Forwarder] { forwarders.withLock { $0 } }

    package func add(_ forwarder: Forwarder) { forwarders.withLock { $0.append(forwarder) } }

    /// In one step: several may be taken away at the same time.
    package func remove(_ forwarder: Forwarder) { forwarders.withLock { $0.removeAll { $0 === forwarder } } }

    /// The forwarder of this name.
    package subscript(name: String) -> Forwarder? { all.first { $0.name == name } }
}

extension Forwarders {
    /// Puts them into the order of these names.
    package func sort(by names: [String]) {
        let places = Dictionary(zip(names, names.indices)) { first, _ in first }
        forwarders.withLock { $0.sort { places[$0.name, default: .max] < places[$1.name, default: .max] } }
    }
}
