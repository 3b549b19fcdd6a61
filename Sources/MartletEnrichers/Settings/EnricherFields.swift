import MartletPipeline

/// The fields that every enricher has which asks a cloud's API.
enum EnricherFields {
    static let cloud = FieldDescription(
        "cloud",
        .string,
        isRequired: true,
        "The cloud whose resources it knows, as its sources call it."
    )

    static let policy = [
        FieldDescription(
            "timeout",
            .duration,
            default: "5s",
            "How long one question may take, with all requests that it needs."
        ),
        FieldDescription("concurrency", .integer(1...64), default: "4", "Questions asked at once, at the most."),
        FieldDescription(
            "cache",
            .duration,
            default: "10m",
            "How long an answer is good for where no event says that the resource has changed."
        ),
    ]

    /// The name of the cloud.
    static func cloud(of settings: ComponentSettings) throws(ComponentError) -> String {
        guard let cloud = settings.string("cloud"), !cloud.isEmpty else {
            throw ComponentError(field: "cloud", "is missing: name the cloud as its sources do")
        }
        return cloud
    }
}

extension EnricherPolicy {
    /// What an enricher's settings say of its use.
    package init(_ settings: ComponentSettings) {
        self.init()
        timeout = settings.duration("timeout") ?? timeout
        concurrency = settings.integer("concurrency") ?? concurrency
        lifetime = settings.duration("cache") ?? lifetime
    }
}
