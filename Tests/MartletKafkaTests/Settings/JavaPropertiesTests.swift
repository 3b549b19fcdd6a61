import Testing

@testable import MartletKafka

@Suite struct JavaPropertiesTests {
    struct Example: CustomTestStringConvertible {
        var text: String
        var entries: [String: String]
        var testDescription: String { text.debugDescription }

        init(_ text: String, _ entries: [String: String]) {
            self.text = text
            self.entries = entries
        }
    }

    @Test(arguments: [
        Example("a=b", ["a": "b"]),
        Example("a = b", ["a": "b"]),
        Example("a:b\nc : d\ne f\ng\th", ["a": "b", "c": "d", "e": "f", "g": "h"]),
        Example("a", ["a": ""]),
        Example("a=", ["a": ""]),
        Example("a==b=c:d", ["a": "=b=c:d"]),
        Example("a = = b", ["a": "= b"]),
        Example("  \t a=b  ", ["a": "b  "]),
        Example("# x=y\n! x=y\n   # x=y\n\n \t\na=b", ["a": "b"]),
        Example("a=b # c", ["a": "b # c"]),
        Example("a=one,\\\n  two", ["a": "one,two"]),
        Example("a=one,\\\r\n\ttwo\r\nb=c\rd=e", ["a": "one,two", "b": "c", "d": "e"]),
        Example("a=one\\\\\nb=c", ["a": "one\\", "b": "c"]),
        Example("a=one\\\\\\\ntwo", ["a": "one\\two"]),
        Example("a=one\\\n# two", ["a": "one# two"]),
        Example("a=one\\\n\nb=c", ["a": "one", "b": "c"]),
        Example("# one\\\na=b", ["a": "b"]),
        Example("a=one\\", ["a": "one"]),
        Example("a\\ b\\=c\\:d=e", ["a b=c:d": "e"]),
        Example("a=\\t\\n\\r\\f\\q\\\"", ["a": "\t\n\r\u{0C}q\""]),
        Example("a=\\u00e9\\uD83D\\uDE00x", ["a": "\u{e9}\u{1F600}x"]),
        Example("=b", ["": "b"]),
        Example("", [:]),
    ])
    func `a file is read as Java reads it`(_ example: Example) throws {
        let properties = try JavaProperties(example.text.utf8)
        #expect(Dictionary(uniqueKeysWithValues: properties.entries.map { ($0.name, $0.value) }) == example.entries)
    }

    @Test func `bytes are Latin-1, as Java has it`() throws {
        #expect(try JavaProperties([0x61, 0x3D, 0xE9]).value("a") == "\u{e9}")
    }

    @Test func `lines are counted from the first of an entry, and of a repeated name the last counts`() throws {
        let properties = try JavaProperties("\n# c\na=1\\\n  2\nb=3\na=4".utf8)
        #expect(properties.entries.map(\.line) == [6, 5])
        #expect(properties.value("a") == "4")
        #expect(properties.repeatedNames == ["a"])
    }

    @Test(arguments: ["\n\na=\\u12", "\n\na=\\u12G4", "\n\na\\uzzzz=b"])
    func `an escape without its digits is named by its line`(_ text: String) {
        #expect(throws: JavaProperties.Malformed(line: 3)) { try JavaProperties(text.utf8) }
    }

    @Test func `any bytes are read without harm`() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ab=: \\\n\r#!u0\t".utf8)
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...24)).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            _ = try? JavaProperties(text)
        }
    }
}
