import MartletGateway

/// The configuration without secrets, and what `martlet check` finds in it.
struct ConfigurationSection {
    /// Where the package puts it.
    static let standardPath = "/etc/martlet/martlet.yaml"

    let path: String
    /// Nil where it could not be read.
    let redacted: RedactedConfiguration?
    private let findings: [String]
    private let hasErrors: Bool
    /// The directory of the store, where the configuration is good enough to say.
    let dataDirectory: String?

    init(path: String, environment: [String: String]) {
        self.path = path
        redacted = SystemFiles().text(path).map { RedactedConfiguration($0, environment: environment) }
        do {
            let configuration = try Configuration(contentsOf: path, environment: environment)
            (findings, hasErrors) = (configuration.warnings.map { "\($0)" }, false)
            dataDirectory = configuration.store.path
        } catch {
            (findings, hasErrors) = (error.findings.map { "\($0)" }, true)
            dataDirectory = nil
        }
    }

    var section: DoctorReport.Section {
        var lines: [String] = []
        if let redacted {
            lines = redacted.text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
            while lines.last?.isEmpty ?? false { lines.removeLast() }
            lines.append("")
        }
        // A finding may quote what was written.
        lines += findings.isEmpty ? ["martlet check finds nothing wrong."] : findings.map(TextRedaction.redact)
        let remarks =
            hasErrors ? ["the configuration cannot be used, here and with this environment: martlet check \(path)"] : []
        return DoctorReport.Section(title: "Configuration \(path)", lines: lines, remarks: remarks)
    }

    /// Where there is no configuration to be found.
    static let missing = DoctorReport.Section(
        title: "Configuration",
        lines: [
            "None was named with --config, and none was found in \(standardPath): the embedded default, or elsewhere."
        ]
    )
}
