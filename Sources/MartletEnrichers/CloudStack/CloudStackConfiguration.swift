import MartletPipeline

/// The settings of the enricher, checked.
struct CloudStackConfiguration: Sendable {
    var cloud: String
    var api: CloudStackAPI.Settings
    var policy: EnricherPolicy

    init(_ settings: ComponentSettings) throws(ComponentError) {
        cloud = try EnricherFields.cloud(of: settings)
        policy = try EnricherPolicy(settings)
        guard let endpoint = settings.string("endpoint") else {
            throw ComponentError(field: "endpoint", "is missing: it is as https://cloud.example/client/api")
        }
        if let fault = EndpointAddress(text: endpoint).fault { throw ComponentError(field: "endpoint", fault) }
        api = CloudStackAPI.Settings(
            endpoint: endpoint,
            keys: CloudStackKeys(
                apiKey: try Self.key("api-key", settings),
                secretKey: try Self.key("secret-key", settings)
            )
        )
        api.timeout = policy.timeout
        api.certificateAuthority = settings.string("ca-file")
    }

    private static func key(_ name: String, _ settings: ComponentSettings) throws(ComponentError) -> String {
        guard let key = settings.string(name), !key.isEmpty else {
            throw ComponentError(field: name, "is missing: make keys for a user of CloudStack's whose role may list")
        }
        // A file's last line ends with a line feed, and a key that is copied wrong would only be refused later.
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ComponentError(field: name, "has a blank, a line break or a letter that no key has: copy it again")
        }
        return key
    }
}
