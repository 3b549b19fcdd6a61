import MartletJSON
import MartletTesting
import Testing

@Suite struct JSONRandomTests {
    @Test func `random texts read as Foundation reads them`() throws {
        for seed in 0..<1500 as Range<UInt64> {
            let text = RandomText.make(seed: seed)
            let expected = try Tree(foundationReading: Array(text.utf8))
            let root = try JSONDocument(parsing: slice(text)).root
            #expect(Tree(root) == expected, "seed \(seed): \(text)")
        }
    }

    @Test func `each value of a random text is a text of its own`() throws {
        for seed in 0..<300 as Range<UInt64> {
            let document = try JSONDocument(parsing: slice(RandomText.make(seed: seed)))
            try expectWhole(document.root, in: document)
        }
    }

    @Test func `a random text written anew reads the same`() throws {
        for seed in 0..<500 as Range<UInt64> {
            let root = try JSONDocument(parsing: RandomText.make(seed: seed)).root
            var writer = JSONWriter()
            write(root, to: &writer)
            let again = try JSONDocument(parsing: writer.bytes).root
            #expect(Tree(again) == Tree(root), "seed \(seed)")
        }
    }

    @Test func `a damaged text is refused with a reason or read, as Foundation decides`() {
        var generator = SeededGenerator(seed: 7)
        var refused = 0
        for seed in 0..<6000 as Range<UInt64> {
            var bytes = Array(RandomText.make(seed: seed).utf8)
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch seed % 3 {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = UInt8.random(in: 1...255, using: &generator)
            default: bytes.insert(Array(#"{}[]:,"\0.e-tn "#.utf8).randomElement(using: &generator) ?? 0, at: place)
            }
            let accepts = (try? Tree(foundationReading: bytes)) != nil
            do throws(JSONError) {
                let tree = Tree(try JSONDocument(parsing: slice(bytes)).root)
                #expect(accepts || tree.isBeyondFoundation, "seed \(seed): \(text(bytes))")
            } catch {
                refused += 1
                #expect(
                    !accepts || isTrailingComma(before: error.offset, in: bytes),
                    "seed \(seed): \(error) \(text(bytes))"
                )
                #expect(error.code != .unsupported, "seed \(seed): \(text(bytes))")
                #expect(error.offset <= bytes.count)
            }
        }
        #expect(refused > 1000)
    }

    /// Foundation lets some commas pass before the closing bracket of an array.
    private func isTrailingComma(before offset: Int, in bytes: [UInt8]) -> Bool {
        text(bytes[offset...]).hasPrefix("]") && text(bytes[..<offset]).contains(/,\s*$/)
    }

    private func expectWhole(_ value: JSONValue, in document: JSONDocument) throws {
        let alone = try JSONDocument(parsing: value.bytes).root
        #expect(alone.kind == value.kind)
        #expect(alone.range == 0..<value.bytes.count)
        #expect(Array(document.bytes)[value.range].elementsEqual(value.bytes))
        for element in value.elements { try expectWhole(element, in: document) }
        for member in value.members {
            let pair = try JSONDocument(parsing: "{" + text(Array(document.bytes)[member.range]) + "}").root
            #expect(pair.members.map(\.key) == [member.key])
            try expectWhole(member.value, in: document)
        }
    }

    private func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for member in value.members {
                writer.key(member.key)
                write(member.value, to: &writer)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            for element in value.elements { write(element, to: &writer) }
            writer.endArray()
        case .string: writer.string(value.string ?? "")
        case .number:
            if let integer = value.integer { writer.integer(integer) } else { writer.double(value.double ?? .nan) }
        case .boolean: writer.boolean(value.boolean ?? false)
        case .null: writer.null()
        }
    }
}
