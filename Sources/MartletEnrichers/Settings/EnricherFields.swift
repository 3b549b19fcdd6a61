import MartletPipeline

/// The field that every enricher has which asks a cloud's API; how it may be used is in ``EnricherPolicy/fields``.
enum EnricherFields {
    static let cloud = FieldDescription(
        "cloud",
        .string,
        isRequired: true,
        "The cloud whose resources it knows, as its sources call it."
    )

    /// The name of the cloud.
    static func cloud(of settings: ComponentSettings) throws(ComponentError) -> String {
        guard let cloud = settings.string("cloud"), !cloud.isEmpty else {
            throw ComponentError(field: "cloud", "is missing: name the cloud as its sources do")
        }
        return cloud
    }
}
