import Testing

@testable import MartletConnectors

@Suite struct LineCutterTests {
    /// The lines of a text that arrives in pieces of a size, and how many bytes they had.
    private func lines(_ text: String, pieces size: Int, maximumLength: Int = 100) -> (lines: [String], consumed: Int64)
    {
        var cutter = LineCutter(maximumLength: maximumLength)
        var lines: [String] = []
        var rest = Array(text.utf8)[...]
        func describe(_ line: LineCutter.Line) -> String {
            switch line {
            case .whole(let bytes): String(decoding: bytes, as: UTF8.self)
            case .tooLong(let head, let count): "\(count):\(String(decoding: head, as: UTF8.self))"
            }
        }
        while !rest.isEmpty {
            cutter.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let line = cutter.next() { lines.append(describe(line)) }
        }
        if let line = cutter.finish() { lines.append(describe(line)) }
        return (lines, cutter.consumed)
    }

    @Test(arguments: [1, 2, 3, 7, 1_000])
    func `lines are the same however the bytes arrive`(size: Int) {
        let text = "first\r\nsecond\n\nfourth, ünïcode\nlast"
        let result = lines(text, pieces: size)
        #expect(result.lines == ["first", "second", "", "fourth, ünïcode", "last"])
        #expect(result.consumed == Int64(text.utf8.count))
    }

    @Test(arguments: [1, 5, 64, 10_000])
    func `of a line that is too long the head is kept, and the next line is read`(size: Int) {
        let long = String(repeating: "x", count: 5_000)
        let text = "a\n\(long)\nb\n"
        let result = lines(text, pieces: size)
        #expect(result.lines.count == 3)
        #expect(result.lines.first == "a")
        #expect(result.lines.last == "b")
        #expect(result.lines[1].hasPrefix("5000:x"))
        #expect(result.lines[1].utf8.count <= 5 + LineCutter.keptHead)
        #expect(result.consumed == Int64(text.utf8.count))
    }

    @Test func `a line is consumed when it is handed out, not before`() {
        var cutter = LineCutter(maximumLength: 100)
        cutter.append(Array("one\ntwo\nthr".utf8))
        #expect(cutter.consumed == 0)
        _ = cutter.next()
        #expect(cutter.consumed == 4)
        _ = cutter.next()
        #expect(cutter.next() == nil)
        #expect(cutter.consumed == 8)
    }
}
