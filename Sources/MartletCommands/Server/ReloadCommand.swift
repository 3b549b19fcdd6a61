import ArgumentParser
import MartletClient

/// `martlet reload`
struct ReloadCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have the server read its configuration anew, and show what has changed.",
        discussion: """
            What has not changed is not disturbed. A configuration that cannot be used changes nothing: what is wrong with it is \
            shown, and the exit code is 78. SIGHUP does the same.

            EXAMPLES
              martlet check /etc/martlet/martlet.yaml && martlet reload
              martlet reload --json
            """
    )

    @Flag(help: "Print what has changed in JSON.")
    var json = false

    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func run(_ server: ServerConnection, in context: CommandContext) async throws {
        let answer: ReloadAnswer
        do {
            answer = try await server.client.reload()
        } catch {
            guard let problem = error.problem, problem.code == .invalidConfiguration else { throw error }
            for finding in problem.findings { try context.note(finding) }
            throw CommandFailure(problem.detail, status: .configuration)
        }
        if json { return try context.print(json: [answer.json]) }
        for warning in answer.warnings { try context.note(warning) }
        for line in Self.lines(of: answer) { try context.print(line) }
    }

    /// One line for each part that has changed.
    static func lines(of answer: ReloadAnswer) -> [String] {
        var lines: [String] = []
        for (kind, changes, end) in [
            ("source", answer.sources, "removed"), ("forwarder", answer.forwarders, "retired"),
        ] {
            lines += changes.added.map { "\(kind) \($0): added" }
            lines += changes.changed.map { "\(kind) \($0): changed" }
            lines += changes.removed.map { "\(kind) \($0): \(end)" }
        }
        if lines.isEmpty { lines.append("no source and no forwarder has changed") }
        lines += answer.restart.map { "\($0): has changed, and needs a restart" }
        return lines + answer.notes
    }
}
