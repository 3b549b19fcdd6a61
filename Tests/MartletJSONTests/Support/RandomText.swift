import MartletTesting

/// Makes JSON texts of every kind of value, with white space and escapes wherever the grammar allows them.
struct RandomText {
    private var generator: SeededGenerator
    private var text = ""

    static func make(seed: UInt64) -> String {
        var maker = RandomText(generator: SeededGenerator(seed: seed))
        maker.value(depth: 0)
        return maker.text
    }

    private init(generator: SeededGenerator) {
        self.generator = generator
    }

    private mutating func pick(_ choices: String...) {
        text += choices.randomElement(using: &generator) ?? ""
    }

    private mutating func space() {
        pick("", "", "", " ", "\n", "\r\n\t", "  ")
    }

    private mutating func value(depth: Int) {
        space()
        switch Int.random(in: 0..<(depth > 5 ? 4 : 8), using: &generator) {
        case 0: pick("true", "false", "null")
        case 1: string(prefix: "")
        case 2: text += String(Int64.random(in: -1_000_000_000...1_000_000_000, using: &generator))
        case 3: pick("0", "-0", "1.5", "-2.25e3", "1E-2", "9223372036854775807", "-9223372036854775808", "0.125")
        case 4, 5: array(depth: depth + 1)
        default: object(depth: depth + 1)
        }
        space()
    }

    private mutating func string(prefix: String) {
        text += "\"" + prefix
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            pick("a", "Zz", " ", "{", "]", ",", ":", "é", "漢", "😀", #"\""#, #"\\"#, #"\/"#, #"\b\f\n\r\t"#)
            pick("", "", "", #"\u00e9"#, #"\uD83D\uDE00"#, #"\u0000"#, #"\u2028"#)
        }
        text += "\""
    }

    private mutating func array(depth: Int) {
        text += "["
        for index in 0..<Int.random(in: 0...4, using: &generator) {
            if index > 0 { text += "," }
            value(depth: depth)
        }
        text += "]"
    }

    private mutating func object(depth: Int) {
        text += "{"
        for index in 0..<Int.random(in: 0...4, using: &generator) {
            if index > 0 { text += "," }
            space()
            string(prefix: "k\(index)")
            space()
            text += ":"
            value(depth: depth)
        }
        text += "}"
    }
}
