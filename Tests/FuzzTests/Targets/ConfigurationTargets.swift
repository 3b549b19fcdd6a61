import Martlet
@testable import MartletGateway
import MartletJSON

/// What operators write: the configuration, and addresses on the command line.
enum ConfigurationTargets {
    static let all = [configuration, redaction, trialAddress, text, size]

    /// Whatever the text is, there is a configuration or there are findings, each with its place.
    private static let configuration = FuzzTarget(name: "configuration") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(ConfigurationError) {
            _ = try Configuration(text: text, file: "fuzz.yaml", environment: ["NAME": "value"])
        } catch {
            let errors = error.findings.filter { $0.severity == .error }
            try demand(!errors.isEmpty, "a configuration is refused for nothing")
            try demand(errors.allSatisfy { $0.line >= 1 && $0.column >= 1 }, "a finding has no place")
        }
    }

    /// A secret is not shown, whatever stands around it.
    private static let redaction = FuzzTarget(name: "redaction", weight: 5) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let secret = "s33ded-v4lue"
        for place in ["secret: \(secret)", "password: \(secret)", "url: \"amqp://u:\(secret)@h\""] {
            let yaml = "\(text)\nforwarders: { x: { webhook: { \(place) } } }\n"
            let shown = RedactedConfiguration(yaml, environment: [:], contents: { _ in nil }).text
            try demand(!shown.contains(secret), "a secret is shown")
        }
    }

    private static let trialAddress = FuzzTarget(name: "trial-address") { bytes in
        guard let address = try? TrialAddress(String(decoding: bytes, as: UTF8.self)) else { return }
        try demand(!address.hosts.isEmpty, "an address has no host")
        try demand(address.hosts.allSatisfy { (1...65_535).contains($0.port) }, "an address has no port")
    }

    /// Texts of any origin lose what looks like a secret; a second look finds nothing more.
    private static let text = FuzzTarget(name: "text-redaction", weight: 10) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let shown = TextRedaction.redact("\(text)\npassword=s33ded-v4lue\n")
        try demand(!shown.contains("s33ded"), "a password on a line of its own is shown")
    }

    private static let size = FuzzTarget(name: "size") { bytes in
        if let size = ByteCount.read(String(decoding: bytes, as: UTF8.self)) {
            try demand(size >= 0, "a size is negative")
        }
    }
}
