import MartletGateway

/// The end of a log, as the user hands it over: where it is kept differs from one machine to the next.
struct LogSection {
    static let mostLines = 500
    /// A longer line is cut: some loggers print whole documents.
    private static let longestLine = 2_000
    /// What is looked at of a line, in bytes: looking for secrets takes more than its length on a line that was made for it.
    /// So much more than what is shown that a secret which is cut in two here is not shown.
    private static let longestLook = 4_000

    /// - Parameter path: `-` is standard input.
    /// - Throws: ``CommandFailure`` where it cannot be read.
    static func section(path: String) throws -> DoctorReport.Section {
        let file = try InputFile(path: path)
        var tail = Tail()
        while true {
            let bytes = try file.read(atMost: 1 << 16)
            guard !bytes.isEmpty else { break }
            tail.add(bytes)
        }
        let lines = tail.lines.suffix(mostLines)
        // Redacted as one text, because a key may go over several lines, and before a line is cut.
        let text = TextRedaction.redact(lines.joined(separator: "\n"))
        return DoctorReport.Section(
            title: "Log, its last \(mostLines) lines",
            lines: text.split(separator: "\n").map {
                $0.count > longestLine ? "\($0.prefix(longestLine))…" : String($0)
            }
        )
    }

    /// The end of a text of any length.
    private struct Tail {
        /// Enough for the lines that are kept, if they are not much longer than lines are.
        private static let mostBytes = 4 << 20

        private var bytes: [UInt8] = []
        private var isCut = false

        mutating func add(_ more: [UInt8]) {
            bytes += more
            guard bytes.count > 2 * Self.mostBytes else { return }
            bytes.removeFirst(bytes.count - Self.mostBytes)
            isCut = true
        }

        /// The first line is left out where its beginning is gone.
        var lines: [String] {
            let lines = bytes.split(separator: 0x0a).map { line in
                String(decoding: line.prefix(LogSection.longestLook), as: UTF8.self)
            }
            return Array(lines.dropFirst(isCut ? 1 : 0))
        }
    }
}
