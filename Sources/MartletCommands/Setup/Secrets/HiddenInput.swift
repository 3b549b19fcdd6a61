import Foundation

/// Asks somebody at the terminal for a line that is not shown while it is typed.
struct HiddenInput {
    let context: CommandContext

    /// The line; nil at the end of the input.
    func ask(_ name: String) throws -> String? {
        try context.errors(Array("\(name) (not shown): ".utf8))
        let line = Self.withoutEcho { context.answer() }
        try context.errors([0x0a])
        return line
    }

    /// Signals are off as well, as in getpass(3): a process that Ctrl-C ends here would leave the terminal mute.
    private static func withoutEcho(_ body: () -> String?) -> String? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return body() }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        return body()
    }
}
