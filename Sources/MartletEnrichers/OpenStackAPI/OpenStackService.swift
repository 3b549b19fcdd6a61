/// A service of OpenStack's that is asked for resources.
package enum OpenStackService: String, Sendable, CaseIterable {
    case compute, volume, image, network, identity

    /// What the catalogue calls it, the likelier first.
    var catalogueTypes: [String] {
        switch self {
        case .volume: ["volumev3", "block-storage", "volume"]
        case .compute, .image, .network, .identity: [rawValue]
        }
    }

    /// The address of its API, of an endpoint that may or may not name the version.
    func url(ofEndpoint endpoint: String) -> String {
        let version =
            switch self {
            // Nova's and Cinder's endpoints name the version, and often the project behind it.
            case .compute, .volume: ""
            case .image: "v2"
            case .network: "v2.0"
            case .identity: "v3"
            }
        guard !version.isEmpty, endpoint.split(separator: "/").last?.hasPrefix(version.prefix(2)) != true else {
            return endpoint
        }
        return "\(endpoint)/\(version)"
    }
}
