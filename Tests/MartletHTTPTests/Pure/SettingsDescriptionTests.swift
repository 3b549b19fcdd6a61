import Testing

@testable import MartletHTTP

@Suite struct SettingsDescriptionTests {
    @Test func `whoever prints the settings prints no secret`() {
        var settings = HTTPInterface.Settings(
            version: "1",
            adminTokenHash: "s33ded-hash",
            adminTokenLocation: "/var/lib/martlet/admin.token"
        )
        settings.sources = ["hook": .init(format: "cloudstack", takesHTTP: true, secrets: ["s33ded-secret"])]
        struct Holder {
            let settings: HTTPInterface.Settings
        }
        var dumped = ""
        dump(settings, to: &dumped)
        dump(settings.sources, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), "\(Holder(settings: settings))", dumped] {
            #expect(!text.contains("s33ded"), "\(text)")
        }
    }
}
