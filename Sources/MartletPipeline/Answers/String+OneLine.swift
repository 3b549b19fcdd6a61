extension String {
    /// The text without control characters, which could forge lines of a log, and cut at a number of characters.
    package func onOneLine(atMost length: Int = 1_000) -> String {
        var line = ""
        for scalar in unicodeScalars.prefix(length) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line.unicodeScalars.append(" ")
            default: line.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.count > length ? line + "…" : line
    }
}
