/// Where a request may connect to.
///
/// It is asked about the address that a connection really has, at the time it is opened and again before each request that goes
/// out on it, so that neither a name that resolves differently the second time nor a kept connection gets around it.
package struct NetworkPolicy: Sendable, Hashable {
    /// The networks that are open beside the public ones; nil where everything is.
    private let allowed: [Network]?
    /// Whether `http` URLs may be used; `https` ones always may.
    let allowsPlainHTTP: Bool

    /// Any address and both schemes: for URLs from the operator's own configuration.
    package static let unrestricted = NetworkPolicy(allowed: nil, allowsPlainHTTP: true)

    /// Public addresses and those of the given networks: for URLs that tenants supply.
    package static func publicOnly(allowing networks: [Network] = [], plainHTTP: Bool = false) -> NetworkPolicy {
        NetworkPolicy(allowed: networks, allowsPlainHTTP: plainHTTP)
    }

    private init(allowed: [Network]?, allowsPlainHTTP: Bool) {
        self.allowed = allowed
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// Whether there are addresses that it refuses.
    var isRestricted: Bool { allowed != nil }

    /// Why an address may not be connected to, as in "is loopback (127.0.0.0/8)"; nil where it may.
    ///
    /// An address that leads to an IPv4 address inside it (IPv4-mapped, NAT64, 6to4, Teredo) is judged by that one.
    package func refusal(of address: NetworkAddress) -> String? {
        guard let allowed, !allowed.contains(where: { $0.contains(address) }) else { return nil }
        let embedded = address.embedded
        guard embedded.isEmpty else {
            for inner in embedded {
                if let reason = refusal(of: inner) { return "leads to \(inner), which \(reason)" }
            }
            return nil
        }
        return ForbiddenNetworks.name(of: address).map { "is \($0)" }
    }
}
