import ArgumentParser
import MartletGateway

/// `martlet check`
struct CheckCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find everything that is wrong with a configuration.",
        discussion: """
            Each finding has its file, line and column. Warnings do not keep the server from starting; the exit code is 78 where \
            something does.

            EXAMPLE
              martlet check /etc/martlet/martlet.yaml
            """
    )

    @Argument(help: "The configuration, in YAML.", completion: .file())
    var file: String

    func run(in context: CommandContext) async throws {
        do {
            let configuration = try Configuration(contentsOf: file, environment: context.environment)
            for warning in configuration.warnings { try context.note("\(file):\(warning)") }
            try context.print("\(file) is fine.")
        } catch let error as ConfigurationError {
            for finding in error.findings { try context.note("\(error.file):\(finding)") }
            throw CommandFailure.silent(.configuration)
        }
    }
}
