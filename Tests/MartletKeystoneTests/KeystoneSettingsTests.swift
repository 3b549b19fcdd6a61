import MartletJSON
import MartletPipeline
import Testing

@testable import MartletKeystone

@Suite struct KeystoneSettingsTests {
    @Test(arguments: [Duration.zero, .milliseconds(99), .seconds(301)])
    func `a time that no answer can keep, or nobody waits for, is blamed on its field`(timeout: Duration) {
        let settings = ComponentSettings([
            "auth-url": .string("https://keystone.example:5000"), "application-credential-id": .string("i"),
            "application-credential-secret": .string("s"), "timeout": .duration(timeout),
        ])
        let error = #expect(throws: ComponentError.self) { try KeystoneSettings(settings) }
        #expect(error?.field == "keystone.timeout")
    }

    /// Settings of these texts, `auth-url` given.
    private static func section(_ texts: [String: String]) -> ComponentSettings {
        ComponentSettings(
            texts.merging(["auth-url": "https://keystone.example:5000"]) { own, _ in own }.mapValues { .string($0) }
        )
    }

    private static func body(_ texts: [String: String]) throws -> String {
        String(decoding: KeystoneRequest(settings: try KeystoneSettings(section(texts))).body, as: UTF8.self)
    }

    @Test func `a request for a token is as the Identity API has it`() throws {
        #expect(
            try Self.body(["application-credential-id": "i1", "application-credential-secret": "s1"])
                == #"{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":"i1","secret":"s1"}}}}"#
        )
        #expect(
            try Self.body([
                "application-credential-name": "n1", "application-credential-secret": "s1", "username": "u1",
                "user-domain": "d1",
            ])
                == #"{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"name":"n1","user":{"name":"u1","domain":{"name":"d1"}},"secret":"s1"}}}}"#
        )
        #expect(
            try Self.body(["username": "u1", "password": "p\"1", "project": "e1", "project-domain-id": "d2"])
                == #"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"u1","domain":{"name":"Default"},"password":"p\"1"}}},"scope":{"project":{"name":"e1","domain":{"id":"d2"}}}}}"#
        )
        #expect(
            try Self.body(["user-id": "u1", "password": "p1", "project-id": "e1"])
                == #"{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"u1","password":"p1"}}},"scope":{"project":{"id":"e1"}}}}"#
        )
    }

    @Test(arguments: [
        ([:], "keystone", "has no credential"),
        (["application-credential-id": "i"], "keystone.application-credential-id", "secret beside it"),
        (["application-credential-secret": "s"], "keystone.application-credential-secret", "of no credential"),
        (
            ["application-credential-name": "n", "application-credential-secret": "s"],
            "keystone.application-credential-name", "add username"
        ),
        (
            [
                "application-credential-id": "i", "application-credential-name": "n",
                "application-credential-secret": "s",
            ],
            "keystone.application-credential-name", "one is enough"
        ),
        (
            ["application-credential-id": "i", "application-credential-secret": "s", "password": "p"],
            "keystone.password", "does not go with"
        ),
        (
            ["application-credential-id": "i", "application-credential-secret": "s", "username": "u"],
            "keystone.username", "take it out"
        ),
        (["password": "p", "project": "e"], "keystone.password", "nobody's"),
        (["password": "p", "username": "u"], "keystone", "names no project"),
        (["password": "p", "username": "u", "user-id": "u", "project": "e"], "keystone.user-id", "one of them"),
        (
            ["password": "p", "username": "u", "user-domain": "d", "user-domain-id": "d", "project": "e"],
            "keystone.user-domain-id", "one of them"
        ),
        (["auth-url": "keystone.example"], "keystone.auth-url", "has to be"),
        (["auth-url": "https://u:p@keystone.example/v3?x"], "keystone.auth-url", "take it out"),
        (["auth-url": "https://keystone.example/v2.0/"], "keystone.auth-url", "version 2"),
    ])
    func `what does not fit together is blamed on its field`(texts: [String: String], field: String, says: String) {
        let error = #expect(throws: ComponentError.self) { try KeystoneSettings(Self.section(texts)) }
        #expect(error?.field == field)
        #expect(error?.reason.contains(says) == true, "\(error?.reason ?? "")")
    }

    @Test(arguments: [
        "https://k:5000", "https://k:5000/", "https://k:5000/v3", "https://k:5000/v3/", "https://k:5000/v3/auth/tokens",
    ])
    func `the address is understood however it is written`(url: String) {
        let credential = KeystoneCredential.application(id: "i", secret: KeystoneSecret("s"))
        #expect(KeystoneSettings(url: url, credential: credential).url == "https://k:5000/v3")
    }

    @Test func `a secret is in no text of what holds it`() throws {
        let settings = try KeystoneSettings(
            Self.section(["username": "u", "password": "s33ded", "project": "e"])
        )
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!"\(settings) \(String(reflecting: settings)) \(dumped)".contains("s33ded"))
        #expect(dumped.contains("(secret)") || dumped.contains("KeystoneSecret"))
    }

    @Test func `an endpoint is chosen by type, interface and region, and its lack says what there is`() throws {
        let catalogue = KeystoneCatalogue(endpoints: [
            .init(type: "messaging", region: "one", interface: "public", url: "https://one:8888/"),
            .init(type: "messaging", region: "two", interface: "public", url: "https://two:8888"),
            .init(type: "messaging", region: "one", interface: "internal", url: "http://inner:8888"),
            .init(type: "image", region: "one", interface: "public", url: "https://image"),
        ])
        func url(_ type: String, _ region: String?, _ interface: KeystoneSettings.Interface) throws -> String {
            let credential = KeystoneCredential.application(id: "i", secret: KeystoneSecret("s"))
            let settings = KeystoneSettings(
                url: "https://k",
                credential: credential,
                region: region,
                interface: interface
            )
            return try catalogue.url(ofType: type, for: settings)
        }
        #expect(try url("messaging", "one", .public) == "https://one:8888")
        #expect(try url("messaging", "two", .public) == "https://two:8888")
        #expect(try url("messaging", nil, .internal) == "http://inner:8888")
        let missing = #expect(throws: KeystoneError.self) { _ = try url("messaging", "three", .public) }
        #expect(missing?.message.contains("internal in one, public in one, public in two") == true)
        let several = #expect(throws: KeystoneError.self) { _ = try url("messaging", nil, .public) }
        #expect(several?.message.contains("region, one of one, two") == true)
        #expect(throws: KeystoneError.self) { _ = try url("dns", nil, .public) }
    }
}
