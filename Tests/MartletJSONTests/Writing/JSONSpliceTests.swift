import MartletJSON
import MartletTesting
import Testing

@Suite struct JSONSpliceTests {
    @Test(
        arguments: [
            (#"{"a":1,"b":2,"c":3}"#, ["a"], #"{"b":2,"c":3}"#), (#"{"a":1,"b":2,"c":3}"#, ["b"], #"{"a":1,"c":3}"#),
            (#"{"a":1,"b":2,"c":3}"#, ["c"], #"{"a":1,"b":2}"#), (#"{"a":1,"b":2,"c":3}"#, ["b", "c"], #"{"a":1}"#),
            (#"{"a":1,"b":2,"c":3}"#, ["a", "b"], #"{"c":3}"#), (#"{"a":1,"b":2,"c":3}"#, ["a", "c"], #"{"b":2}"#),
            (#"{"a":1,"b":2,"c":3}"#, ["a", "b", "c"], "{}"), (#"{ "a" : 1 , "b" : 2 }"#, ["b"], #"{ "a" : 1  }"#),
            ("{\n  \"a\": 1,\n  \"b\": [1, 2],\n  \"c\": \"x,\"\n}", ["b"], "{\n  \"a\": 1,\n  \"c\": \"x,\"\n}"),
            (#"{"x":"ends with ,","a":1}"#, ["a"], #"{"x":"ends with ,"}"#), (#"{"a":1}"#, [], #"{"a":1}"#),
        ] as [(String, [String], String)]
    )
    func `members go with the right comma`(document: String, keys: [String], expected: String) throws {
        let root = try JSONDocument(parsing: slice(document)).root
        let ranges = root.members.filter { keys.contains($0.key) }.map(\.range)
        let result = JSONSplice.removing(ranges, from: slice(document))
        // White space before a comma or bracket may stay or go.
        #expect(text(result).filter { $0 != " " } == expected.filter { $0 != " " })
        #expect(
            try JSONDocument(parsing: result).root.members.map(\.key)
                == root.members.map(\.key).filter { !keys.contains($0) }
        )
    }

    @Test func `edits at several depths leave the rest alone`() throws {
        let document = slice(#"{"a":{"secret":1,"b":[1,2,3]},"token":"x","c":[{"secret":2}],"d":null}"#)
        let root = try JSONDocument(parsing: document).root
        func member(_ key: StaticString, of value: JSONValue?) throws -> Range<Int> {
            try #require(value?.members.first { $0.keyEquals(key) }).range
        }
        let edits: [JSONSplice.Edit] = [
            .remove(try member("secret", of: root["a"])),
            .remove(try #require(root["a"]?["b"]?[1]).range),
            .remove(try #require(root["a"]?["b"]?[2]).range),
            .replace(try #require(root["token"]).range, with: Array(#""***""#.utf8)),
            .remove(try member("secret", of: root["c"]?[0])),
            .replace(try #require(root["d"]).range, with: Array("[4]".utf8)),
        ]
        #expect(text(JSONSplice.applying(edits, to: document)) == #"{"a":{"b":[1]},"token":"***","c":[{}],"d":[4]}"#)
    }

    @Test func `an edit inside of an earlier one is passed over`() throws {
        let document = slice(#"{"a":{"secret":1},"b":2}"#)
        let root = try JSONDocument(parsing: document).root
        let outer = try #require(root.members.first { $0.keyEquals("a") })
        let inner = try #require(outer.value["secret"])
        let edits: [JSONSplice.Edit] = [.remove(outer.range), .replace(inner.range, with: Array("9".utf8))]
        #expect(text(JSONSplice.applying(edits, to: document)) == #"{"b":2}"#)
    }

    @Test func `a replacement after a removal stays in its place`() throws {
        let document = slice(#"{"a":1, "b":2, "c":3}"#)
        let root = try JSONDocument(parsing: document).root
        let ranges = root.members.map(\.range)
        let edits: [JSONSplice.Edit] = [
            .remove(ranges[0]), .replace(ranges[1], with: Array(#""B":[]"#.utf8)), .remove(ranges[2]),
        ]
        #expect(text(JSONSplice.applying(edits, to: document)) == #"{"B":[]}"#)
        #expect(
            text(JSONSplice.replacing(ranges[0].upperBound..<ranges[0].upperBound, in: document, with: Array("0".utf8)))
                == #"{"a":10, "b":2, "c":3}"#
        )
    }

    @Test func `random removals leave exactly the other members and elements`() throws {
        for seed in 0..<1500 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let document = try JSONDocument(parsing: slice(RandomText.make(seed: seed)))
            var kept: [String] = []
            var removed: [Range<Int>] = []
            for part in document.root.members.map(\.range) + document.root.elements.map(\.range) {
                if Bool.random(using: &generator) {
                    removed.append(part)
                } else {
                    kept.append(text(Array(document.bytes)[part]))
                }
            }
            let result = try JSONDocument(parsing: JSONSplice.removing(removed, from: document.bytes))
            let parts = result.root.members.map(\.range) + result.root.elements.map(\.range)
            #expect(parts.map { text(Array(result.bytes)[$0]) } == kept, "seed \(seed)")
        }
    }
}
