@testable import MartletCommands
@testable import MartletConnectors
import MartletJSON

/// Streams of bytes cut into events, and text on its way to a terminal.
enum LineTargets {
    static let all = [items, lines, terminal]

    /// An input is the same events in however small pieces it arrives.
    private static let items = FuzzTarget(name: "items") { bytes in
        var input = FuzzInput(bytes)
        // The reader's pieces are large; a buffer that grows by a few bytes is copied each time.
        let size = max(Int(input.byte() % 16) + 1, input.rest.count / 64)
        let whole = items(of: input.rest, inPiecesOf: max(1, input.rest.count))
        let pieces = items(of: input.rest, inPiecesOf: size)
        // Of the shape decide the lines that have arrived, and so does the size of the pieces.
        guard whole.shape == pieces.shape else { return }
        try demand(whole.items.map(\.bytes) == pieces.items.map(\.bytes), "pieces give other items")
        try demand(whole.hasFailed == pieces.hasFailed, "in pieces it fails otherwise")
        if whole.shape == .array, !whole.hasFailed {
            let root = FormatTargets.json(input.rest)
            try demand(root?.count == whole.items.count, "the array has another number of elements")
        }
    }

    private struct Outcome {
        var shape: ItemReader.Shape?
        var items: [PublishItem] = []
        var hasFailed = false
    }

    private static func items(of bytes: Bytes, inPiecesOf size: Int) -> Outcome {
        var rest = bytes
        var outcome = Outcome()
        do {
            var reader = try ItemReader(read: { _ in
                defer { rest = rest.dropFirst(size) }
                return Array(rest.prefix(size))
            })
            outcome.shape = reader.shape
            while let item = try reader.next() { outcome.items.append(item) }
        } catch {
            outcome.hasFailed = true
        }
        return outcome
    }

    /// Lines are the same in however small pieces they arrive, and those that are too long keep their length.
    private static let lines = FuzzTarget(name: "lines") { bytes in
        var input = FuzzInput(bytes)
        let size = Int(input.byte() % 16) + 1
        let limit = 24
        var cutter = LineCutter(maximumLength: limit)
        var found: [LineCutter.Line] = []
        var rest = input.rest
        while !rest.isEmpty {
            cutter.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let line = cutter.next() { found.append(line) }
        }
        if let line = cutter.finish() { found.append(line) }
        var expected = input.rest.split(separator: 0x0A, omittingEmptySubsequences: false)
        if expected.last?.isEmpty ?? false { expected.removeLast() }
        try demand(found.count == expected.count, "\(found.count) lines instead of \(expected.count)")
        for (line, expected) in zip(found, expected) {
            switch line {
            case .whole(let bytes):
                let isSame = bytes.elementsEqual(expected) || bytes.elementsEqual(expected.dropLast())
                try demand(isSame && expected.count <= limit, "a line is another")
            case .tooLong(let head, let count):
                try demand(count == expected.count && expected.starts(with: head), "a long line is another")
            }
        }
        try demand(Int(cutter.consumed) == input.rest.count, "not every byte is accounted for")
    }

    /// Nothing that a terminal obeys gets through.
    private static let terminal = FuzzTarget(name: "terminal") { bytes in
        let text = StyledText(String(decoding: bytes, as: UTF8.self))
        for shown in [text, text.truncated(to: 12), text.trimmed()] {
            let isHarmless = shown.render(inColour: false).unicodeScalars.allSatisfy { scalar in
                switch scalar.value {
                case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
                default: true
                }
            }
            try demand(isHarmless, "a control character gets through")
        }
        try demand(text.truncated(to: 12).width <= 12, "a cut text is too wide")
    }
}
