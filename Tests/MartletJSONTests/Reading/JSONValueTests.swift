import MartletJSON
import Testing

@Suite struct JSONValueTests {
    @Test func `members are found by their exact case`() throws {
        let root = try JSONDocument(parsing: slice(#"{"account": "a", "Account": "b", "ACCOUNT" : "c"}"#)).root
        #expect(root["account"]?.string == "a")
        #expect(root["Account"]?.string == "b")
        #expect(root["ACCOUNT"]?.string == "c")
        #expect(root["aCCOUNT"] == nil)
        #expect(root["accoun"] == nil)
        #expect(root[String("Account")]?.string == "b")
        #expect(root.members.map(\.key) == ["account", "Account", "ACCOUNT"])
    }

    @Test func `the first of several equal keys wins, and all are members`() throws {
        let root = try JSONDocument(parsing: #"{"a":1,"a":2}"#).root
        #expect(root["a"]?.integer == 1)
        #expect(root.members.map(\.value.integer) == [1, 2])
    }

    @Test func `a key is found however it is escaped`() throws {
        let root = try JSONDocument(parsing: #"{"\u0061\n":1,"":2,"x":{"\u0061\n":3}}"#).root
        #expect(root["a\n"]?.integer == 1)
        #expect(root[""]?.integer == 2)
        let first = try #require(root.members.first { _ in true })
        #expect(first.key == "a\n")
        #expect(first.keyEquals("a\n"))
        #expect(!first.keyEquals("a"))
        #expect(text(first.keyContent) == #"\u0061\n"#)
    }

    @Test func `a look-up passes over what is nested`() throws {
        let root = try JSONDocument(parsing: #"{"a":{"c":1,"d":[{"c":2}]},"b":[{"c":3}],"c":4}"#).root
        #expect(root["c"]?.integer == 4)
        #expect(root["a"]?["d"]?[0]?["c"]?.integer == 2)
        #expect(root["d"] == nil)
    }

    @Test func `what is not there is nil`() throws {
        let root = try JSONDocument(parsing: #"[{"a":1},"b",2]"#).root
        #expect(root["a"] == nil)
        #expect(root[-1] == nil)
        #expect(root[3] == nil)
        #expect(root[0]?[0] == nil)
        #expect(root[1]?["b"] == nil)
        #expect(root[1]?[0] == nil)
        #expect(root[1]?.integer == nil)
        #expect(root[2]?.string == nil)
        #expect(root[2]?.stringContent == nil)
        #expect(root[2]?.boolean == nil)
        #expect(root[2]?.isNull == false)
        #expect(root[2]?.members.map(\.key) == [])
    }

    @Test func `containers count what is directly in them`() throws {
        let root = try JSONDocument(parsing: #"{"a":[1,[2,3],{"b":4}],"c":{},"d":[],"e":"five"}"#).root
        #expect(root.count == 4)
        #expect(root["a"]?.count == 3)
        #expect(root["c"]?.count == 0)
        #expect(root["d"]?.count == 0)
        #expect(root["e"]?.count == 0)
        #expect(root["a"]?.elements.map { text($0.bytes) } == ["1", "[2,3]", #"{"b":4}"#])
    }

    @Test(
        arguments: [
            ("0", 0, 0), ("-0", 0, 0), ("42", 42, 42), ("-7", -7, -7),
            ("9223372036854775807", .max, 9223372036854775808),
            ("-9223372036854775808", .min, -9223372036854775808), ("9223372036854775808", nil, 9223372036854775808),
            ("-9223372036854775809", nil, -9223372036854775808), ("100000000000000000000", nil, 1e20), ("1.0", nil, 1),
            ("1e3", nil, 1000), ("-0.125", nil, -0.125), ("1e999", nil, nil), ("true", nil, nil), (#""1""#, nil, nil),
            ("null", nil, nil),
        ] as [(String, Int64?, Double?)]
    )
    func `a number is read where it fits`(text: String, integer: Int64?, double: Double?) throws {
        let value = try #require(try JSONDocument(parsing: "[ \(text) ]").root[0])
        #expect(value.integer == integer)
        #expect(value.double == double)
        #expect(MartletJSONTests.text(value.bytes) == text)
    }

    @Test func `literals are read`() throws {
        let root = try JSONDocument(parsing: "[true , false,null]").root
        #expect(root.elements.map(\.boolean) == [true, false, nil])
        #expect(root.elements.map(\.isNull) == [false, false, true])
        #expect(root.elements.map(\.kind) == [.boolean, .boolean, .null])
        #expect(root.elements.map { text($0.bytes) } == ["true", "false", "null"])
    }

    @Test(arguments: [
        (#""""#, ""), (#""abc""#, "abc"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u6F22""#, "é漢"),
        (#""a\uD83D\uDE00b""#, "a😀b"), (#""\uD83Dx""#, "\u{FFFD}x"), (#""\uDE00\uD83D""#, "\u{FFFD}\u{FFFD}"),
        (#""\uD83D\u0041""#, "\u{FFFD}A"), (#""\\u0041""#, #"\u0041"#), (#""ends with \\""#, #"ends with \"#),
        (#""é😀""#, "é😀"),
        (#""{[,:]}\"""#, #"{[,:]}""#),
    ])
    func `a string is unescaped`(json: String, expected: String) throws {
        for document in [json, " \(json) ", "[\(json)\n]"] {
            let root = try JSONDocument(parsing: slice(document)).root
            let value = try #require(root.kind == .array ? root[0] : root)
            #expect(value.string == expected)
            #expect(value.hasEscapes == json.contains(#"\"#))
            #expect(text(value.bytes) == json)
            #expect(try text(#require(value.stringContent)) == String(json.dropFirst().dropLast()))
        }
    }

    @Test func `a string is compared without being made`() throws {
        let root = try JSONDocument(parsing: slice(#"["VM.START","VM.ST\u0041RT","","VM.STARTED",7]"#)).root
        #expect(root.elements.map { $0.equals("VM.START") } == [true, true, false, false, false])
        #expect(root.elements.map { $0.equals("") } == [false, false, true, false, false])
        #expect(root.elements.map { $0.hasPrefix("VM.STA") } == [true, true, false, true, false])
        #expect(root.elements.map { $0.hasPrefix("VM.STARTE") } == [false, false, false, true, false])
        #expect(root.elements.map { $0.hasPrefix("") } == [true, true, true, true, false])
    }

    @Test func `ranges count from the start of the document`() throws {
        let document = "\u{FEFF} { \"a\" : [ 1 , {\"b\":\"c\"} ] , \"d\" :null }\n"
        let root = try JSONDocument(parsing: slice(document)).root
        let bytes = Array(document.utf8)
        func cut(_ range: Range<Int>) -> String { text(bytes[range]) }
        #expect(cut(root.range) == "{ \"a\" : [ 1 , {\"b\":\"c\"} ] , \"d\" :null }")
        #expect(root.members.map { cut($0.range) } == [#""a" : [ 1 , {"b":"c"} ]"#, #""d" :null"#])
        #expect(root.members.map { cut($0.keyRange) } == [#""a""#, #""d""#])
        #expect(root["a"]?.elements.map { cut($0.range) } == ["1", #"{"b":"c"}"#])
        #expect(root["a"]?[1]?.members.map { cut($0.range) } == [#""b":"c""#])
    }
}
