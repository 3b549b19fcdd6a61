/// A line for a terminal: texts and how they look, measured and cut by what is seen.
///
/// The one way in which foreign text reaches a terminal. Whatever could move the cursor, change colours, break the line or turn
/// its direction is replaced when it is added.
struct StyledText: Hashable, ExpressibleByStringInterpolation {
    private struct Run: Hashable {
        var text: String
        var style: TextStyle
    }

    private var runs: [Run] = []
    /// In columns.
    private(set) var width = 0

    init() {}

    init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

    init(stringLiteral text: String) { append(text) }

    var isEmpty: Bool { width == 0 }

    mutating func append(_ text: String, _ style: TextStyle = .plain) {
        let clean = text.withoutControls
        guard !clean.isEmpty else { return }
        runs.append(Run(text: clean, style: style))
        width += DisplayWidth.of(clean)
    }

    mutating func append(_ other: StyledText) {
        runs.append(contentsOf: other.runs)
        width += other.width
    }

    /// Adds blanks up to a width.
    mutating func pad(to width: Int) {
        if width > self.width { append(String(repeating: " ", count: width - self.width)) }
    }

    /// The text, and blanks in front of it up to a width.
    func paddedLeft(to width: Int) -> StyledText {
        var padded = StyledText(String(repeating: " ", count: max(0, width - self.width)))
        padded.append(self)
        return padded
    }

    /// The text without blanks at its end.
    func trimmed() -> StyledText {
        var kept = runs[...]
        while let last = kept.last, last.text.allSatisfy({ $0 == " " }) { kept.removeLast() }
        var trimmed = StyledText()
        for run in kept.dropLast() { trimmed.append(run.text, run.style) }
        if let last = kept.last {
            let text = last.text
            let end = text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex
            trimmed.append(String(text[..<end]), last.style)
        }
        return trimmed
    }

    /// No wider than `width` columns; what is cut ends in an ellipsis.
    func truncated(to width: Int) -> StyledText {
        guard self.width > width else { return self }
        var short = StyledText()
        for run in runs {
            var kept = ""
            var room = width - 1 - short.width
            for character in run.text {
                room -= DisplayWidth.of(character)
                guard room >= 0 else { break }
                kept.append(character)
            }
            let isWhole = kept.count == run.text.count
            short.append(isWhole || width < 1 ? kept : kept + "…", run.style)
            if !isWhole { break }
        }
        return short
    }

    /// The text for the terminal, with or without the codes for its looks.
    func render(inColour: Bool) -> String {
        guard inColour else { return runs.map(\.text).joined() }
        return runs.map { run in run.style.code.map { "\u{1B}[\($0)m\(run.text)\u{1B}[0m" } ?? run.text }.joined()
    }
}

/// How a text looks. The eight colours of every terminal, so that the user's own palette decides.
enum TextStyle: Hashable, CaseIterable {
    case plain, bold, dim, red, yellow, green, cyan

    /// The parameter of Select Graphic Rendition (ECMA-48).
    var code: String? {
        switch self {
        case .plain: nil
        case .bold: "1"
        case .dim: "2"
        case .red: "31"
        case .yellow: "33"
        case .green: "32"
        case .cyan: "36"
        }
    }
}

extension String {
    /// White space as blanks, other controls as U+FFFD, marks of direction left out.
    var withoutControls: String {
        if utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return self }
        var clean = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0a, 0x0d, 0x2028, 0x2029: clean.append(" ")
            case 0x00...0x1f, 0x7f...0x9f: clean.append("\u{FFFD}")
            case 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: break
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }
}
