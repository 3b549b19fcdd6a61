/// One line on standard error that is drawn over, where that is a terminal.
struct ProgressLine {
    static let barWidth = 20

    let context: CommandContext
    private var isDrawn = false

    init(context: CommandContext) { self.context = context }

    var isLive: Bool { context.terminal.errorWidth != nil && context.environment["TERM"] != "dumb" }
    var width: Int { (context.terminal.errorWidth ?? 80) - 1 }

    mutating func draw(_ line: StyledText) throws {
        let isColoured = (context.environment["NO_COLOR"] ?? "").isEmpty
        try context.errors(Array("\r\u{1B}[K\(line.render(inColour: isColoured))".utf8))
        isDrawn = true
    }

    /// Takes the line away.
    mutating func clear() throws {
        if isDrawn { try context.errors(Array("\r\u{1B}[K".utf8)) }
        isDrawn = false
    }

    /// A bar, of which a share from 0 to 1 is filled.
    static func bar(_ share: Double) -> StyledText {
        let filled = Int(share * Double(barWidth))
        var bar = StyledText(String(repeating: "━", count: filled), .cyan)
        bar.append(String(repeating: "─", count: barWidth - filled), .dim)
        return bar
    }
}
