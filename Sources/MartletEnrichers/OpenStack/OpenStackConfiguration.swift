import MartletKeystone
import MartletPipeline

/// The settings of the enricher, checked.
struct OpenStackConfiguration: Sendable {
    var cloud: String
    var keystone: KeystoneSettings
    var policy: EnricherPolicy

    init(_ settings: ComponentSettings) throws(ComponentError) {
        cloud = try EnricherFields.cloud(of: settings)
        policy = try EnricherPolicy(settings)
        guard let section = settings.section("keystone") else {
            throw ComponentError(field: "keystone", "is missing: say with auth-url and a credential how to get a token")
        }
        keystone = try KeystoneSettings(section)
    }
}
