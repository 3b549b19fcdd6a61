/// Texts of which each has a line of its own, known as NDJSON or JSON Lines.
public enum JSONLines {
    /// Splits at line feeds, drops a carriage return at the end of a line, and drops blank lines.
    public static func split(_ bytes: Bytes) -> [Bytes] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            return line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } ? nil : line
        }
    }
}
