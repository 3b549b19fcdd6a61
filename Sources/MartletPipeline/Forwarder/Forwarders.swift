/// The forwarders of a running server, by name.
package struct Forwarders: Sendable {
    /// In the order of the configuration.
    package let all: [Forwarder]
    private let byName: [String: Forwarder]

    package init(_ forwarders: [Forwarder]) {
        all = forwarders
        byName = Dictionary(forwarders.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The forwarder of this name.
    package subscript(name: String) -> Forwarder? { byName[name] }
}
