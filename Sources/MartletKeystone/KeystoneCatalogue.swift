import MartletJSON

/// The endpoints of a cloud's services, as they came with a token.
package struct KeystoneCatalogue: Sendable, Hashable {
    /// One endpoint of one service.
    package struct Endpoint: Sendable, Hashable {
        package var type: String
        package var region: String?
        package var interface: String
        package var url: String
    }

    package var endpoints: [Endpoint]

    package init(endpoints: [Endpoint]) { self.endpoints = endpoints }

    /// Reads the member `catalog` of a token; what is not as it should be in it is left out.
    init(_ catalog: JSONValue?) {
        guard let catalog else {
            endpoints = []
            return
        }
        endpoints = catalog.elements.flatMap { service -> [Endpoint] in
            guard let type = service["type"]?.string, let endpoints = service["endpoints"] else { return [] }
            return endpoints.elements.compactMap { endpoint in
                guard let interface = endpoint["interface"]?.string, let url = endpoint["url"]?.string else {
                    return nil
                }
                let region = endpoint["region_id"]?.string ?? endpoint["region"]?.string
                return Endpoint(type: type, region: region, interface: interface, url: url)
            }
        }
    }

    /// The address of a service, without a slash at its end.
    ///
    /// - Throws: ``KeystoneError`` of code `no-endpoint`, which names what there is instead.
    package func url(ofType type: String, for settings: KeystoneSettings) throws(KeystoneError) -> String {
        let ofType = endpoints.filter { $0.type == type }
        let found = ofType.filter {
            $0.interface == settings.interface.rawValue && (settings.region == nil || $0.region == settings.region)
        }
        let place = settings.region.map { " in region \($0)" } ?? ""
        let wanted = "\(settings.interface.rawValue) endpoint of type \(type)\(place)"
        guard let first = found.first else {
            let known = Set(ofType.map { "\($0.interface) in \($0.region ?? "no region")" }).sorted()
            let there = known.isEmpty ? "there is none of this type" : "there are \(known.joined(separator: ", "))"
            throw KeystoneError(.noEndpoint, "Keystone's catalogue has no \(wanted): \(there).")
        }
        let regions = Set(found.compactMap(\.region))
        guard settings.region != nil || regions.count < 2 else {
            throw KeystoneError(
                .noEndpoint,
                "Keystone's catalogue has several endpoints of type \(type): say which with region, one of "
                    + "\(regions.sorted().joined(separator: ", "))."
            )
        }
        var url = first.url[...]
        while url.last == "/" { url.removeLast() }
        return String(url)
    }
}
