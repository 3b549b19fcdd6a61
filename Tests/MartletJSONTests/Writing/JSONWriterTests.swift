import MartletJSON
import Testing

@Suite struct JSONWriterTests {
    @Test func `commas stand between members and elements only`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.integer(1)
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.null()
        writer.endArray()
        writer.key(String("b"))
        writer.boolean(true)
        writer.key("c")
        writer.raw(#"{"d": 1}"#.utf8)
        writer.endObject()
        #expect(text(writer.bytes) == #"{"a":[1,{},[],null],"b":true,"c":{"d": 1}}"#)
    }

    @Test func `members of another text are copied as they stand there`() throws {
        let source = try JSONDocument(parsing: #"[{"\u0061 b": [1, {"x":"\u00e9"}], "c" : "d"}]"#).root[0]
        var writer = JSONWriter()
        writer.beginObject()
        for member in try #require(source).members {
            writer.member(member)
            writer.key(of: member)
            writer.null()
        }
        writer.endObject()
        #expect(text(writer.bytes) == #"{"\u0061 b":[1, {"x":"\u00e9"}],"\u0061 b":null,"c":"d","c":null}"#)
    }

    @Test func `members without a value are left out`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", nil as String?)
        writer.member("b", "x")
        writer.member("c", nil as Int64?)
        writer.member("d", Int64.min)
        writer.member("e", nil as Bool?)
        writer.member("f", false)
        writer.member("g", 1.5)
        writer.member("h", raw: "[]".utf8)
        writer.member("i", raw: nil as [UInt8]?)
        writer.member("j", 3)
        writer.endObject()
        #expect(text(writer.bytes) == #"{"b":"x","d":-9223372036854775808,"f":false,"g":1.5,"h":[],"j":3}"#)
    }

    @Test(
        arguments: [
            (0, "0.0"), (-1.5, "-1.5"), (1e20, "1e+20"), (.leastNonzeroMagnitude, "5e-324"), (.infinity, "null"),
            (.nan, "null"),
            (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
        ] as [(Double, String)]
    )
    func `a number is written as JSON`(number: Double, expected: String) throws {
        var writer = JSONWriter()
        writer.double(number)
        #expect(text(writer.bytes) == expected)
        #expect(try JSONDocument(parsing: writer.bytes).root.double == (number.isFinite ? number : nil))
    }

    @Test(arguments: ["", "short", "a longer text of more than fifteen bytes", "\u{0}\"\\\n\u{1F}é😀\u{2028}"])
    func `a string reads back as it was`(string: String) throws {
        var writer = JSONWriter()
        writer.string(string)
        #expect(try JSONDocument(parsing: writer.bytes).root.string == string)
    }

    @Test func `the largest integers are written in full`() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.integer(UInt64.max)
        writer.integer(Int64.min)
        writer.integer(UInt8(7))
        writer.endArray()
        #expect(text(writer.bytes) == "[18446744073709551615,-9223372036854775808,7]")
    }

    @Test func `a writer can start over`() {
        var writer = JSONWriter()
        writer.integer(1)
        writer.removeAll()
        writer.string("a" as StaticString)
        #expect(text(writer.bytes) == #""a""#)
    }
}
