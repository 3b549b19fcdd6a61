import MartletJSON
import Testing

@Suite struct JSONTextTests {
    @Test(arguments: [
        ("", ""), ("plain é漢😀", "plain é漢😀"), ("a\"b\\c", #"a\"b\\c"#), ("\n\r\t\u{8}\u{C}", #"\n\r\t\b\f"#),
        ("\u{0}\u{1}\u{1F}x", #"\u0000\u0001\u001fx"#), ("\u{2028}/\u{7F}", "\u{2028}/\u{7F}"),
        (#"{"a":"b"}"#, #"{\"a\":\"b\"}"#),
    ])
    func `text is escaped and comes back`(plain: String, escaped: String) throws {
        #expect(text(JSONText.escaped(plain.utf8)) == escaped)
        #expect(text(JSONText.escaped(AnyCollection(Array(plain.utf8)))) == escaped)
        #expect(try text(#require(JSONText.unescape(slice(escaped)))) == plain)
    }

    @Test(arguments: [#"\"#, #"a\x"#, #"\u12"#, #"\u12g4"#, #"\U0041"#])
    func `a malformed escape has no text`(content: String) {
        #expect(JSONText.unescape(slice(content)) == nil)
    }

    @Test func `a document inside of a string is read`() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("oslo.message")
        writer.string(utf8: #"{"event_type":"a\"b","payload":{"name":"é\\"}}"#.utf8)
        writer.endObject()
        let outer = try JSONDocument(parsing: writer.bytes).root
        let content = try #require(outer["oslo.message"]?.stringContent)
        let inner = try JSONDocument(parsing: #require(JSONText.unescape(content))).root
        #expect(inner["event_type"]?.string == "a\"b")
        #expect(inner["payload"]?["name"]?.string == #"é\"#)
    }
}
