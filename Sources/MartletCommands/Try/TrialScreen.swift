import Foundation

/// Shows a page that changes: drawn over itself on a terminal, one line now and then where there is none.
struct TrialScreen {
    /// Between two drawings on a terminal, so that it can be read.
    static let interval = Duration.milliseconds(250)
    /// Between two lines elsewhere.
    static let lineInterval = Duration.seconds(10)

    private let context: CommandContext
    private let isColoured: Bool
    /// Lines that have been drawn and may be drawn over.
    private var drawn = 0

    init(context: CommandContext, colour: ColourMode) {
        self.context = context
        isColoured = colour.isOn(context.terminal, environment: context.environment)
    }

    /// Whether a page is drawn over.
    var isLive: Bool { context.terminal.outputWidth != nil && context.environment["TERM"] != "dumb" }

    /// Draws the page over the one before it.
    mutating func draw(_ lines: [StyledText]) throws {
        // Each line is overwritten and its rest cleared, so that nothing flickers.
        var text = drawn > 0 ? "\r\u{1B}[\(drawn)A" : ""
        for line in lines { text += line.render(inColour: isColoured) + "\u{1B}[K\n" }
        text += "\u{1B}[J"
        try context.output(Array(text.utf8))
        drawn = lines.count
    }

    /// Prints lines that stay; what is drawn later stands below them.
    mutating func print(_ lines: [StyledText]) throws {
        if isLive {
            if drawn > 0 { try context.output(Array("\r\u{1B}[\(drawn)A\u{1B}[J".utf8)) }
            drawn = 0
        }
        try context.print(lines, inColour: isColoured)
    }

    /// Tells how it goes where nothing can be drawn over: beside the output, which has the summary.
    func note(_ line: StyledText) throws { try context.note(line.render(inColour: false)) }
}

extension Terminal {
    /// Lines of the terminal on standard output; nil where it is none or does not say.
    static var outputHeight: Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else {
            return nil
        }
        return Int(size.ws_row)
    }
}
