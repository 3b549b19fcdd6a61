import MartletKeystone
import MartletPipeline

/// The settings of the enricher, checked.
struct OpenStackConfiguration: Sendable {
    var cloud: String
    var keystone: KeystoneSettings
    var policy: EnricherPolicy
    /// The roles in whose name services show everything.
    var allSeeingRoles: Set<String>
    var listsKeyPairs: Bool

    init(_ settings: ComponentSettings) throws(ComponentError) {
        cloud = try EnricherFields.cloud(of: settings)
        policy = try EnricherPolicy(settings)
        listsKeyPairs = settings.boolean("key-pairs") ?? false
        allSeeingRoles = settings.has("all-seeing-roles") ? Set(settings.strings("all-seeing-roles")) : ["admin"]
        guard !allSeeingRoles.isEmpty, !allSeeingRoles.contains("") else {
            throw ComponentError(field: "all-seeing-roles", "has no name, or an empty one: say admin, or leave it out")
        }
        guard let section = settings.section("keystone") else {
            throw ComponentError(field: "keystone", "is missing: say with auth-url and a credential how to get a token")
        }
        keystone = try KeystoneSettings(section)
    }
}
