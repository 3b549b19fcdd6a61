/// A `sasl.jaas.config`: the login module that Java's client is given, and its options.
///
/// The grammar is `Class flag name=value … ;`, values in quotes or not, as Kafka's own `JaasConfig` reads it.
struct JAASEntry: Sendable, Hashable {
    /// Without its package: `ScramLoginModule`.
    var module: String
    var options: [String: String]

    /// What is wrong, without any of the text: it holds a password.
    struct Malformed: Error, Hashable {
        var reason: String
    }

    init(_ text: String) throws(Malformed) {
        var tokens = try JAASTokens(text)
        guard case .text(let name)? = try tokens.next() else {
            throw Malformed(reason: "does not begin with the class of a login module")
        }
        module = String(name.split(separator: ".").last ?? "")
        guard case .text(let flag)? = try tokens.next(),
            ["required", "requisite", "sufficient", "optional"].contains(flag.lowercased())
        else { throw Malformed(reason: "has no “required” behind its login module") }
        options = [:]
        while true {
            switch try tokens.next() {
            case .end:
                guard try tokens.next() == nil else {
                    throw Malformed(reason: "has more than one login module; one can be used")
                }
                return
            case .text(let name):
                guard try tokens.next() == .equals, case .text(let value)? = try tokens.next() else {
                    // It is not named: behind a quotation mark or a blank that is not escaped it is the rest of a password.
                    throw Malformed(reason: "has an option that is not written as name=\"value\"")
                }
                options[name] = value
            case .equals: throw Malformed(reason: "has an = without a name before it")
            case nil: throw Malformed(reason: "does not end with a semicolon")
            }
        }
    }
}

/// The tokens of a `sasl.jaas.config`.
private struct JAASTokens {
    enum Token: Hashable {
        case text(String)
        case equals
        /// The semicolon.
        case end
    }

    private var rest: Substring

    init(_ text: String) throws(JAASEntry.Malformed) { rest = text[...] }

    mutating func next() throws(JAASEntry.Malformed) -> Token? {
        rest = rest.drop(while: \.isWhitespace)
        guard let first = rest.first else { return nil }
        switch first {
        case "=":
            rest.removeFirst()
            return .equals
        case ";":
            rest.removeFirst()
            return .end
        case "\"", "'":
            rest.removeFirst()
            return .text(try quoted(until: first))
        default:
            let word = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != ";" && $0 != "\"" && $0 != "'" }
            rest = rest[word.endIndex...]
            return .text(String(word))
        }
    }

    private mutating func quoted(until quote: Character) throws(JAASEntry.Malformed) -> String {
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return text }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            guard let escaped = rest.popFirst() else { break }
            switch escaped {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case "r": text.append("\r")
            default: text.append(escaped)
            }
        }
        throw JAASEntry.Malformed(reason: "has a quotation mark that is not closed")
    }
}
