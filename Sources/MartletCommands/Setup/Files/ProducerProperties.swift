/// Lines of a Java properties file, kept as they were written, with the keys that they set.
///
/// The form is that of `java.util.Properties`: comments begin with `#` or `!`, a key ends at `=`, `:` or a blank, a line that
/// ends in an odd number of backslashes goes on in the next one.
struct ProducerProperties: Sendable, Hashable {
    /// One property: its lines as they stand, and its key without escapes.
    struct Entry: Sendable, Hashable {
        var key: String
        var text: String
    }

    private(set) var entries: [Entry] = []

    init() {}

    init(parsing text: String) {
        var pending = ""
        for line in text.split(
            omittingEmptySubsequences: false,
            whereSeparator: { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        ) {
            let content = line.drop { $0 == " " || $0 == "\t" }
            if pending.isEmpty, content.isEmpty || content.first == "#" || content.first == "!" { continue }
            pending += pending.isEmpty ? String(content) : "\n" + line
            let backslashes = line.reversed().prefix { $0 == "\\" }.count
            if backslashes % 2 == 1 { continue }
            entries.append(Entry(key: Self.key(of: pending), text: pending))
            pending = ""
        }
        if !pending.isEmpty { entries.append(Entry(key: Self.key(of: pending), text: pending)) }
    }

    /// Whether a key is set.
    func sets(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// Whether something in it is a secret: SASL's settings hold the password, a key store's its own.
    var holdsSecrets: Bool { entries.contains { $0.key.contains("jaas") || $0.key.contains("password") } }

    private static func key(of entry: String) -> String {
        var key = ""
        var isEscaped = false
        for character in entry {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
                continue
            } else if "=: \t".contains(character) {
                break
            }
            key.append(character)
        }
        return key
    }
}
