import MartletJSON
import Testing

struct JSONShapeTests {
    @Test(arguments: [
        (#"{"a":1,"b":{"x":1}}"#, #"{"a" : [1, 2], "b":null}"#, true),
        (#"{}"#, #"{}"#, true),
        (#"{"a":{"b":1},"c":2}"#, #"{"a":{"d":1},"c":3}"#, true),
        (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, false),
        (#"{"a":1}"#, #"{"a":1,"b":2}"#, false),
        (#"{"a":1,"b":2}"#, #"{"a":1}"#, false),
        (#"{"a":1}"#, #"{"A":1}"#, false),
        (#"{"a":1}"#, #"{"\u0061":1}"#, false),
        (#"{"ab":1}"#, #"{"a":1}"#, false),
        (#"[]"#, #"[]"#, false), (#"{}"#, #"[]"#, false), (#"1"#, #"1"#, false),
    ])
    func `two objects have the same keys where these are written alike in the same order`(
        first: String,
        second: String,
        areSame: Bool
    ) throws {
        let (first, second) = try (JSONDocument(parsing: first).root, JSONDocument(parsing: second).root)
        #expect(first.hasSameKeys(as: second) == areSame)
        #expect(second.hasSameKeys(as: first) == areSame)
    }

    @Test func `objects within a document are compared by themselves`() throws {
        let root = try JSONDocument(parsing: #"[{"a":{"b":1}},{"a":2,"c":3},{"a":3}]"#).root
        let objects = Array(root.elements)
        #expect(objects[0].hasSameKeys(as: objects[2]))
        #expect(!objects[0].hasSameKeys(as: objects[1]))
        #expect(!objects[1].hasSameKeys(as: objects[2]))
    }

    @Test(arguments: [("1", 0), ("{}", 1), ("[1,2]", 1), ("[[],[],[{}]]", 3), (#"{"a":{},"b":[{"c":[]}],"d":{}}"#, 4)])
    func `depth is that of the deepest container`(text: String, depth: Int) throws {
        let root = try JSONDocument(parsing: text).root
        for levels in 0...6 { #expect(root.isNested(atMost: levels) == (depth <= levels), "\(levels)") }
    }

    @Test func `many containers side by side are no depth`() throws {
        let text = "[" + Array(repeating: #"{"a":[[]]}"#, count: 500).joined(separator: ",") + "]"
        let root = try JSONDocument(parsing: text).root
        #expect(root.isNested(atMost: 4))
        #expect(!root.isNested(atMost: 3))
        let element = try #require(root[499])
        #expect(element.isNested(atMost: 3))
        #expect(!element.isNested(atMost: 2))
    }

    @Test func `bytes are compared with bytes, whatever they are slices of`() {
        let bytes = Array("xabcx".utf8)
        #expect(bytes[1..<4].equals(Array("abc".utf8)[...]))
        #expect(!bytes[1..<4].equals(Array("abd".utf8)[...]))
        #expect(!bytes[1..<4].equals(bytes[...]))
        #expect(bytes[1..<1].equals([]))
        #expect(bytes[1...].hasPrefix(Array("abc".utf8)))
        #expect(!bytes[...].hasPrefix(Array("abc".utf8)))
        #expect(bytes[..<4].hasSuffix(Array("bc".utf8)))
        #expect(!bytes[...].hasSuffix(Array("bc".utf8)))
        #expect(!bytes[1..<2].hasSuffix(Array("xa".utf8)))
    }
}
