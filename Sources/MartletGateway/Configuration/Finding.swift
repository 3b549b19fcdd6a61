/// Something wrong with a configuration, with its place and what would be right.
package struct Finding: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Errors keep the server from starting; warnings do not.
    package enum Severity: String, Sendable {
        case error, warning
    }

    package var severity: Severity
    /// Counted from 1.
    package var line: Int
    package var column: Int
    /// The keys that lead to it: `forwarders.noc.webhook.url`; empty for the whole file.
    package var path: String
    /// What is wrong, and what would be right.
    package var message: String

    package var description: String {
        let place = path.isEmpty ? "" : "\(path): "
        return "\(line):\(column): \(severity.rawValue): \(place)\(message)"
    }

    package static func < (left: Finding, right: Finding) -> Bool {
        (left.line, left.column, left.path) < (right.line, right.column, right.path)
    }
}

/// A configuration that cannot be used, with everything that is wrong with it.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    package var file: String
    package var findings: [Finding]

    package init(file: String, findings: [Finding]) {
        self.file = file
        self.findings = findings
    }

    package var description: String { findings.map { "\(file):\($0)" }.joined(separator: "\n") }
}
