import MartletPipeline

extension String {
    /// The text in lines of at most so many columns, broken at blanks; a longer word has a line of its own.
    func lines(width: Int?) -> [String] {
        guard let width else { return [self] }
        var lines: [String] = []
        for word in split(separator: " ") {
            if let last = lines.last, DisplayWidth.of(last) + 1 + DisplayWidth.of(word) <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

extension SourceMonitor.Problem {
    /// What went wrong; below it where, and what would mend it.
    func lines(width: Int?, _ style: TextStyle) -> [StyledText] {
        what.lines(width: width).map { StyledText($0, style) }
            + "\(place): \(remedy)".lines(width: width.map { $0 - 2 }).map { StyledText("  \($0)", .dim) }
    }
}
