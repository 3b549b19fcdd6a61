import Foundation
import MartletGateway

/// Where the password of a user comes from who gives none in the address.
struct TrialPassword {
    static let variable = "MARTLET_PASSWORD"

    let environment: [String: String]
    let terminal: Terminal
    /// Asks without showing what is typed; nil at the end of the input.
    var ask: (String) -> String? = TrialPassword.askOnTerminal

    /// The address's own, else the environment's, else what the user types; nil where there is no user.
    ///
    /// - Throws: ``CommandFailure`` where there is a user, and nobody to ask.
    func password(for address: TrialAddress) throws -> String? {
        if let password = address.password { return password }
        guard let user = address.username else { return nil }
        if let password = environment[Self.variable], !password.isEmpty { return password }
        guard terminal.isInteractive, let password = ask("Password of \(user.withoutControls): ") else {
            throw CommandFailure(
                "There is no password for the user \(user): give it in \(Self.variable).",
                status: .usage
            )
        }
        return password
    }

    private static func askOnTerminal(_ prompt: String) -> String? {
        // On the terminal itself, whatever standard input is, with the echo off; at most 8,191 bytes.
        getpass(prompt).map { String(cString: $0) }
    }
}
