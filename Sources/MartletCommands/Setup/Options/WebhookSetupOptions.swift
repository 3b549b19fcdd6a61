import ArgumentParser
import Foundation

/// Where CloudStack is to post its actions to.
struct WebhookSetupOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Martlet's address as CloudStack sees it. Without a path, that of --source.",
            valueName: "url"
        )
    )
    var webhook: String?

    @Option(
        help: ArgumentHelp(
            "A file with the secret that signs deliveries, else \(Self.secretVariable), else one is made up and written.",
            valueName: "file"
        ),
        completion: .file()
    )
    var webhookSecretFile: String?

    static let secretVariable = "MARTLET_WEBHOOK_SECRET"

    func validate() throws {
        guard let webhook else {
            if webhookSecretFile != nil { throw ValidationError("--webhook-secret-file needs --webhook.") }
            return
        }
        guard Self.parts(webhook) != nil else {
            throw ValidationError(
                "--webhook: write an http or https URL without user, password, query and fragment, "
                    + "as in https://martlet.example/v1/sources/cloudstack."
            )
        }
    }

    /// - Parameter written: where a secret is to be written; nil where none is needed.
    /// - Throws: ``CommandFailure`` where the secret cannot be read.
    func target(source: String, _ secrets: SecretReader, written: String?) throws -> WebhookTarget? {
        guard let webhook, var parts = Self.parts(webhook) else { return nil }
        if parts.path.isEmpty || parts.path == "/" { parts.path = "/v1/sources/\(source)" }
        return WebhookTarget(
            url: parts.string ?? webhook,
            secret: try written.map { try secret(secrets, written: $0) } ?? "",
            secretFile: webhookSecretFile,
            name: "martlet"
        )
    }

    private func secret(_ secrets: SecretReader, written: String) throws -> String {
        if webhookSecretFile == nil, secrets.context.environment[Self.secretVariable]?.nonBlank == nil {
            // One that was made up before stays, so that the command can be repeated.
            if FileManager.default.fileExists(atPath: written) {
                return try SecretReader.content(of: written, "webhook's secret")
            }
            var generator = SystemRandomNumberGenerator()
            // 256 bits, as many as the signature has.
            return (0..<4).map { _ in
                let digits = String(generator.next() as UInt64, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
        }
        return try secrets.read(
            "webhook's secret",
            file: webhookSecretFile,
            option: "--webhook-secret-file",
            variable: Self.secretVariable
        )
    }

    private static func parts(_ text: String) -> URLComponents? {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            parts.host?.isEmpty == false, parts.user == nil, parts.password == nil, parts.query == nil,
            parts.fragment == nil
        else { return nil }
        return parts
    }
}
