import MartletGateway
import Testing

/// A configuration that was made to do harm is refused like any other that is wrong.
@Suite struct HostileConfigurationTests {
    /// Nine levels of ten aliases each: a billion values in nine lines.
    private static let bomb =
        (["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
        + (1...9).map { level in
            "l\(level): &l\(level) [\(Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", "))]"
        }).joined(separator: "\n")

    @Test(arguments: ["listen", "store", "sources", "forwarders", "limits", "metrics"])
    func `aliases within aliases are not unfolded`(key: String) {
        let text = "\(Self.bomb)\n\(key): *l9\n"
        #expect(throws: ConfigurationError.self) {
            _ = try Configuration(text: text, file: "bomb.yaml", environment: [:])
        }
        let shown = RedactedConfiguration(text, environment: [:]).text
        #expect(shown.utf8.count < 2_000_000)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `nesting without end is refused`(opening: String) {
        let text = "listen: 127.0.0.1:1\nsources:\n  a: " + String(repeating: opening, count: 50_000)
        #expect(throws: ConfigurationError.self) {
            _ = try Configuration(text: text, file: "deep.yaml", environment: [:])
        }
        #expect(RedactedConfiguration(text, environment: [:]).text.utf8.count < 2_000_000)
    }

    @Test(arguments: [
        "../../etc/cron.d/x", "a/b", "..", "a\\nb", "a b", "\\u202e", String(repeating: "n", count: 65), "",
    ])
    func `a name is no path and has nothing in it that a log or a terminal would obey`(name: String) {
        let text = "sources: { \"\(name)\": { http: {}, format: cloudstack } }"
        #expect(throws: ConfigurationError.self) {
            _ = try Configuration(text: text, file: "names.yaml", environment: [:])
        }
    }

    @Test func `what is filled in is quoted as it is written`() {
        let text = "listen: \"${ADDRESS}\"\nlimits: { body: \"${SIZE}\" }\n"
        let environment = ["ADDRESS": "s33ded-address", "SIZE": "s33ded-address-and-more"]
        let error = #expect(throws: ConfigurationError.self) {
            _ = try Configuration(text: text, file: "f.yaml", environment: environment)
        }
        let told = error?.description ?? ""
        #expect(told.contains("“${ADDRESS}”") && told.contains("“${SIZE}”"), "\(told)")
        #expect(!told.contains("s33ded"), "\(told)")
    }
}
