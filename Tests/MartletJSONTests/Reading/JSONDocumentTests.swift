import MartletJSON
import Testing

@Suite struct JSONDocumentTests {
    @Test(
        arguments: [
            ("{}", .object), ("[]", .array), (#""""#, .string), ("0", .number), ("true", .boolean), ("false", .boolean),
            ("null", .null), (" \t\r\n{ \n} \t", .object), ("[ ]", .array), ("  \"a\" ", .string),
            (" -1.5e+10\n", .number),
            (#"{"a":{"b":[1,{"c":null},[]]},"d":"e"}"#, .object), (" [ 1 , \"a\" , { \"b\" : true } ] ", .array),
            (#""\"\\\/\b\f\n\r\t\u00E9\uD83D\uDE00""#, .string), ("\"é漢😀\u{7F}\"", .string), ("\u{FEFF}[1]", .array),
            ("123456789012345678901234567890", .number), ("-1e999", .number), ("[18446744073709551616]", .array),
            (#"["\uD800"]"#, .array), (#"["\uDC80","\uD800x","\uD83D\uD83D"]"#, .array), (nested(255), .object),
            (nested(256), .object),
        ] as [(String, JSONValue.Kind)]
    )
    func `a text of the grammar is read`(text: String, kind: JSONValue.Kind) throws {
        let document = try JSONDocument(parsing: slice(text))
        #expect(document.root.kind == kind)
        #expect(Array(document.bytes) == Array(text.utf8))
    }

    @Test(
        arguments: [
            ("", .empty, 0), (" \n\t ", .empty, 4), ("\u{FEFF}", .empty, 3),
            ("{", .unexpectedEnd, 1), ("[1,", .unexpectedEnd, 3), (#"{"a""#, .unexpectedEnd, 4),
            ("\"abc", .unexpectedEnd, 4),
            ("\"ab\\", .unexpectedEnd, 4), ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2),
            ("[1", .unexpectedEnd, 2),
            ("[1,]", .syntax, 3), ("[,1]", .syntax, 1), ("{,}", .syntax, 1), (#"{"a":1,}"#, .syntax, 7),
            ("[1 2]", .syntax, 3),
            (#"{"a" 1}"#, .syntax, 5), ("{a:1}", .syntax, 1), ("{1:1}", .syntax, 1), (#"{"a":}"#, .syntax, 5),
            ("[}", .syntax, 1),
            ("[1}", .syntax, 2), ("tru", .syntax, 0), ("nul1", .syntax, 0), ("'a'", .syntax, 0), ("NaN", .syntax, 0),
            ("[tru e]", .syntax, 1), ("// no\n1", .syntax, 0), ("+1", .syntax, 0), (".5", .syntax, 0),
            ("\u{A0}1", .syntax, 0),
            ("1 2", .trailingContent, 2), ("{}{}", .trailingContent, 2), ("nullx", .trailingContent, 4),
            ("[]]", .trailingContent, 2),
            ("\"a\"b", .trailingContent, 3), ("1\0", .trailingContent, 1),
            ("01", .invalidNumber, 1), ("[-a]", .invalidNumber, 2), ("[1.e3]", .invalidNumber, 3),
            ("[1e+]", .invalidNumber, 4),
            (#"["\x"]"#, .invalidString, 3), (#"["\u12G4"]"#, .invalidString, 6), ("[\"a\nb\"]", .invalidString, 3),
            ("[\"a\u{0}b\"]", .invalidString, 3), (#"[1e999, "\q"]"#, .invalidString, 10),
            (nested(257), .tooDeep, 768), (String(repeating: "[", count: 100_000), .tooDeep, 256),
        ] as [(String, JSONError.Code, Int)]
    )
    func `a mistake is refused at its place`(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: slice(text)) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test(
        arguments: [
            [0x80], [0xC3], [0xC0, 0x80], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func `bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) {
            try JSONDocument(parsing: slice(Array("[\"é".utf8) + bytes + Array("\"]".utf8)))
        }
        #expect(error?.code == .invalidEncoding)
        #expect(error?.offset == 4)
    }

    @Test func `an empty container inside of 256 others is too deep`() {
        let text = String(repeating: "[", count: 257) + String(repeating: "]", count: 257)
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text) }
        #expect(error?.code == .tooDeep)
        #expect(error?.offset == 256)
    }

    @Test func `an error says its line and column`() {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: "{\n  \"é\": 1,\n  \"ö\" 2\n}") }
        #expect(error?.line == 3)
        #expect(error?.column == 7)
        #expect(error?.description == "line 3, column 7: a colon is expected here")
    }

    @Test func `every truncation of a text is refused`() throws {
        let whole = Array(#"{"a": [1.5, "é\u00e9", {"b": null}], "c": true}"#.utf8)
        _ = try JSONDocument(parsing: whole)
        for length in whole.indices {
            let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: slice(Array(whole[..<length]))) }
            #expect(error?.code == (length == 0 ? .empty : error?.code))
            #expect(error?.code != .unsupported)
        }
    }

    @Test func `large documents are read, and small ones after them`() throws {
        let element = #"{"name":"a name that fills some space","values":[1,2,3]},"#
        let large = "[" + String(repeating: element, count: 60_000) + "0]"
        for _ in 0..<2 {
            let root = try JSONDocument(parsing: large).root
            #expect(root.count == 60_001)
            #expect(root[59_999]?["values"]?.bytes.elementsEqual("[1,2,3]".utf8) == true)
            #expect(try JSONDocument(parsing: "[7]").root[0]?.integer == 7)
        }
    }

    @Test func `documents are independent of each other and of the thread`() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<16 {
                group.addTask {
                    let documents = try (0..<200).map {
                        try JSONDocument(parsing: #"{"task":\#(task),"turn":[\#($0)]}"#)
                    }
                    return documents.enumerated().allSatisfy { turn, document in
                        document.root["task"]?.integer == Int64(task)
                            && document.root["turn"]?[0]?.integer == Int64(turn)
                    }
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
