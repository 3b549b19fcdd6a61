/// Marked values, each met in one field only: the mark says who may see it.
enum LeakMarks {
    /// No mark of these may be anywhere.
    static let credentials = "lkcred"
    /// Of these an administrator sees every one, and nobody whom the protection is for: built in, or said by the configuration.
    static let hidden = ["lkadmin", "lkhide"]
    /// Joined at delivery: hidden where the machine's own document leaves.
    static let joined = "lkjoin"
    /// Everybody sees these.
    static let seen = "lkseen"

    /// The marks in a text, each with its kind: `lkadminhost`.
    static func all(in text: String, of kinds: [String]) -> Set<String> {
        var found: Set<String> = []
        for match in text.lowercased().matches(of: #/lk(?:cred|admin|hide|join|seen)[a-z0-9]+/#) {
            let mark = String(match.output)
            if kinds.contains(where: { mark.hasPrefix($0) }) { found.insert(mark) }
        }
        return found
    }

    /// What stands in a text and must not, where the protection holds.
    static func leaks(in text: String, joined isJoined: Bool = true) -> Set<String> {
        all(in: text, of: hidden + [credentials] + (isJoined ? [joined] : []))
    }
}
