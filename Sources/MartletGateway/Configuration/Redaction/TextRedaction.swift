/// Cuts what looks like a secret out of text that anybody may have written: logs, error messages, headers.
///
/// By form alone, and rather too much than too little. What a configuration is known to keep secret is cut by
/// ``KnownSecrets`` as well, whatever it looks like.
package enum TextRedaction {
    /// What stands in a secret's place.
    package static let mark = "(secret)"

    /// The text without what looks like a secret. Lines stay lines.
    package static func redact(_ text: String) -> String {
        var isInKey = false
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if isInKey {
                isInKey = !line.contains("-----END ")
            } else if let begin = line.firstRange(of: "-----BEGIN "), line.contains("PRIVATE KEY") {
                // The rest of the line goes too: in JSON the whole key stands on it.
                lines.append(redact(line: String(line[..<begin.lowerBound])) + mark)
                isInKey = !line.contains("-----END ")
            } else {
                lines.append(redact(line: String(line)))
            }
        }
        return lines.joined(separator: "\n")
    }

    /// One line without what looks like a secret.
    static func redact(line: String) -> String {
        guard mayHaveSecrets(line) else { return line }
        var line = line
        // User and password, up to the last @ before a blank or a quote: either may hold what would end it.
        line.replace(/([A-Za-z][A-Za-z0-9+.\-]*:\/\/)([^\s"'<>]*@)/) { "\($0.1)\(hosts(in: $0.2))" }
        // The same without a scheme, as somebody writes it into a list of servers.
        line.replace(/((?:^|[,;\s"']))[^\s,;@\/"':]+:[^\s,;@\/"']+@(?=[A-Za-z0-9\[])/) { "\($0.1)\(mark)@" }
        // A colon with no port after it, and no @: a password that a quote or a blank has cut in two.
        line.replace(/(:\/\/[^\s\/@"'\[\]:]+):(?!\d+(?:[\/?#,;\s"'\])}]|$))[^\s\/?#]\S*/) { "\($0.1):\(mark)" }
        line.replace(/((?i)\b(?:proxy-authorization|authorization|set-cookie|cookie)\b["'\\]*\s*[:=]).*/) {
            "\($0.1) \(mark)"
        }
        line.replace(/((?i)\b(?:bearer|basic)\s+)[A-Za-z0-9+\/=._~\-]{8,}/) { "\($0.1)\(mark)" }
        line.replace(namedValue) { "\($0.1)\(mark)" }
        line.replace(/martlet_(?=[a-z_\-]*[A-Z0-9])[A-Za-z0-9_\-]{40,}/) { _ in mark }
        line.replace(/eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*/) { _ in mark }
        return line
    }

    /// `password=…`, `"secret": "…"`, `\"token\":\"…\"`: the value in quotes, or up to what ends one.
    ///
    /// What stands between the name and the sign is bounded: a line of nothing but names would be searched for hours.
    private static var namedValue: Regex<(Substring, Substring)> {
        #/
        ((?i) (?: passw | passphrase | pwd | secret | jaas | token | credential | api[\-_.]?key | session[\-_]?key
                | private[\-_.]?key | key\.pem | signature )
              [\w.\-]{0,64} \\{0,8} ["']? \s{0,8} [:=] \s* )
        (?: \\+" (?: (?!\\+") . )*
          | "(?: [^"\\] | \\. )* "?
          | '[^']* '?
          | [^\s,;&}\])]+ )
        /#
    }

    /// Looking for seven patterns in each line of a long log takes its time; most lines have none.
    private static func mayHaveSecrets(_ line: String) -> Bool {
        let line = line.lowercased()
        return triggers.contains(where: line.contains)
    }

    private static let triggers = [
        "://", "auth", "cookie", "bearer", "basic", "passw", "passphrase", "pwd", "secret", "jaas", "token",
        "credential", "@",
        "key", "signature", "martlet_", "eyj",
    ]

    /// What stands between the slashes and the last @, credentials cut from each of several hosts.
    private static func hosts(in text: Substring) -> String {
        let parts = text.dropLast().split(separator: ",", omittingEmptySubsequences: false)
        let hosts = parts.map { part in
            guard let at = part.lastIndex(of: "@") else { return mark }
            return "\(mark)@\(part[part.index(after: at)...])"
        }
        return hosts.joined(separator: ",") + "@"
    }
}
