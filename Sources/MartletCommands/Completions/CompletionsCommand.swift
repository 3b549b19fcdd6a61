import ArgumentParser

/// `martlet completions`
struct CompletionsCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completions for a shell.",
        discussion: """
            EXAMPLES
              bash  martlet completions bash > ~/.local/share/bash-completion/completions/martlet
              zsh   martlet completions zsh > "${fpath[1]}/_martlet"
              fish  martlet completions fish > ~/.config/fish/completions/martlet.fish

            Then start a new shell.
            """
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run(in context: CommandContext) async throws {
        try context.print(MartletCommand.completionScript(for: shell.completionShell))
    }
}
