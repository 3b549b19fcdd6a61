/// Sentences broken into lines at blanks.
enum Prose {
    /// Wider lines are hard to read, however wide the terminal is.
    static let widest = 100

    /// - Parameters:
    ///   - width: of the terminal; nil where there is none.
    ///   - indent: what stands before the first line; the others begin below its end.
    static func lines(_ text: String, width: Int?, indent: StyledText, style: TextStyle = .plain) -> [StyledText] {
        let room = max(20, min(width ?? widest, widest) - indent.width)
        var lines: [StyledText] = []
        var line = ""
        func end() {
            var whole = lines.isEmpty ? indent : StyledText(String(repeating: " ", count: indent.width))
            whole.append(line, style)
            lines.append(whole)
            line = ""
        }
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(String(word)) > room { end() }
            line += line.isEmpty ? String(word) : " " + word
        }
        if !line.isEmpty || lines.isEmpty { end() }
        return lines
    }
}
