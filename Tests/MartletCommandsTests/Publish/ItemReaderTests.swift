import Testing

@testable import MartletCommands

struct ItemReaderTests {
    /// A reader of a text that comes a few bytes at a time.
    private func reader(_ text: String, pieces: Int = 7, isOneEvent: Bool = false) throws -> ItemReader {
        var rest = Array(text.utf8)[...]
        return try ItemReader(
            read: { _ in
                defer { rest = rest.dropFirst(pieces) }
                return Array(rest.prefix(pieces))
            },
            isOneEvent: isOneEvent
        )
    }

    private func items(_ reader: ItemReader) throws -> [String] {
        var reader = reader
        var items: [String] = []
        while let item = try reader.next() {
            items.append("\(item.line): \(String(decoding: item.bytes, as: UTF8.self))")
        }
        return items
    }

    @Test(arguments: [1, 2, 7, 1_000])
    func `each line is an event and blank lines are none`(pieces: Int) throws {
        let reader = try reader("\u{FEFF}{\"a\":1}\r\n\n  {\"b\":2} \n{\"c\":3}", pieces: pieces)
        #expect(reader.shape == .lines)
        #expect(try items(reader) == [#"1: {"a":1}"#, #"3: {"b":2}"#, #"4: {"c":3}"#])
    }

    @Test func `a line that cannot be read goes along and costs nobody else`() throws {
        let reader = try reader("{\"a\":1}\n{\"b\":\n{\"c\":3}\n", pieces: 1_000)
        #expect(try items(reader) == [#"1: {"a":1}"#, #"2: {"b":"#, #"3: {"c":3}"#])
    }

    @Test(arguments: [1, 3, 1_000])
    func `an array is cut at its own commas only`(pieces: Int) throws {
        let reader = try reader(#" [ {"a":[1,2]}, "# + "\n" + #"{"b":"],\"}"} , 3,null ] "#, pieces: pieces)
        #expect(reader.shape == .array)
        #expect(try items(reader) == [#"1: {"a":[1,2]}"#, #"2: {"b":"],\"}"}"#, "2: 3", "2: null"])
    }

    @Test(arguments: ["[]", "[ ]\n", " [\n\n] "])
    func `an empty array has no events`(text: String) throws {
        #expect(try items(reader(text)) == [])
    }

    @Test(arguments: [
        ("[1,2", "line 1: the array has no end"), ("[1,\n", "line 2: the array has no end"),
        ("[1] 2", "line 1: something follows the array"),
        ("[1,\u{FEFF}{}]", "line 1: a byte order mark stands before an event"), ("[{\"a\":1},\n{\"b\":}]", "line 2: "),
        ("[1,]", "line 1: "),
        ("[,1]", "line 1: "),
    ])
    func `a damaged array says where`(text: String, message: String) throws {
        let failure = #expect(throws: CommandFailure.self) { try items(reader(text)) }
        #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "nil")")
    }

    @Test(arguments: ["{\n  \"a\": 1\n}\n", "{\"a\":1}", "null", "no JSON at all"])
    func `anything else is one text for the server to judge`(text: String) throws {
        let reader = try reader(text)
        #expect(reader.shape == .document)
        #expect(try items(reader) == ["1: \(text)"])
    }

    @Test func `with a topic the input is one event, however it is written`() throws {
        let text = "{\"a\":1}\n{\"b\":2}\n"
        #expect(try items(reader(text, isOneEvent: true)) == ["1: \(text)"])
    }

    @Test(arguments: ["", "\n\n", "  \t\r\n"])
    func `an empty input is refused`(text: String) {
        #expect(throws: CommandFailure.self) { try reader(text) }
    }

    @Test func `an event that no server takes is not read to its end`() throws {
        var reads = 0
        var reader = try ItemReader(read: { count in
            reads += 1
            return Array(repeating: reads == 1 ? UInt8(ascii: "[") : UInt8(ascii: "{"), count: count)
        })
        #expect(throws: CommandFailure.self) { _ = try reader.next() }
        #expect(reads < 70)
    }

    @Test func `a batch has at most 500 events and a mebibyte`() {
        var batch = PublishBatch()
        let small = PublishItem(bytes: Array("{}".utf8)[...], line: 1)
        for _ in 0..<499 { batch.append(small) }
        #expect(batch.hasRoom(for: small))
        batch.append(small)
        #expect(!batch.hasRoom(for: small))

        let large = PublishItem(bytes: ArraySlice(repeating: 0x20, count: 600_000), line: 1)
        var other = PublishBatch()
        #expect(other.hasRoom(for: PublishItem(bytes: ArraySlice(repeating: 0x20, count: 5_000_000), line: 1)))
        other.append(large)
        #expect(!other.hasRoom(for: large))
        #expect(other.hasRoom(for: small))
    }
}
