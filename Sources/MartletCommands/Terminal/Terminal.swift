import ArgumentParser
import Foundation

/// What is known of the terminal that a command writes to.
struct Terminal: Sendable, Hashable {
    /// Columns of standard output; nil where it is no terminal, and nothing needs to be cut.
    var outputWidth: Int?
    /// Columns of standard error; nil where it is no terminal, and nothing may be drawn over.
    var errorWidth: Int?
    /// Whether somebody can answer a question.
    var isInteractive: Bool

    static func current(environment: [String: String]) -> Terminal {
        Terminal(
            outputWidth: width(of: STDOUT_FILENO, environment),
            errorWidth: width(of: STDERR_FILENO, environment),
            isInteractive: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
        )
    }

    private static func width(of descriptor: Int32, _ environment: [String: String]) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }
}

/// When output is coloured.
enum ColourMode: String, Sendable, CaseIterable, ExpressibleByArgument {
    case auto, always, never

    /// `auto`: on a terminal, unless `NO_COLOR` has a value (no-color.org) or the terminal is `dumb`.
    func isOn(_ terminal: Terminal, environment: [String: String]) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            terminal.outputWidth != nil && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        }
    }
}

/// The option that every command with coloured output has.
struct ColourOption: ParsableArguments {
    @Option(name: .customLong("color"), help: "When to colour: auto, always or never. NO_COLOR is honoured.")
    var mode = ColourMode.auto
}
