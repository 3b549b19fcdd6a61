import Foundation
@testable import MartletJSON
@testable import MartletPipeline

/// Reading, writing, splicing and merging JSON.
enum JSONTargets {
    static let all = [reading, splicing, escaping, merging]

    /// Foundation reads the same texts, and the same out of them.
    private static let reading = FuzzTarget(name: "json") { bytes in
        let ours = try? JSONDocument(parsing: bytes)
        if let ours { _ = try canonical(ours.root) }
        // Foundation guesses UTF-16 and UTF-32 from zero bytes, which no JSON in UTF-8 holds.
        guard !bytes.contains(0) else { return try demand(ours == nil, "a text with a zero byte was accepted") }
        let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        switch (ours, theirs) {
        case (nil, nil): return
        case (nil, .some):
            let code = try refusal(of: bytes)
            // Foundation passes over the comma behind the last member.
            let isLax = String(decoding: bytes, as: UTF8.self).contains(/,\s*[}\]]/)
            try demand(code == .tooDeep || isLax, "Foundation reads what is refused here as \(code)")
        case (.some, nil):
            try demand(mayDiffer(bytes), "Foundation refuses what is read here")
        case (.some(let ours), .some(let theirs)):
            // Foundation drops a byte order mark at the beginning of a string.
            let hasMark = String(decoding: bytes, as: UTF8.self).unicodeScalars.dropFirst().contains("\u{FEFF}")
            try demand(hasMark || JSONComparison.isSame(ours.root, theirs), "Foundation reads something else")
        }
    }

    /// What has been taken out is gone, what was kept is the same, and the text is JSON still.
    private static let splicing = FuzzTarget(name: "json-splice") { bytes in
        var input = FuzzInput(bytes)
        let choice = input.byte()
        guard let document = try? JSONDocument(parsing: input.rest) else { return }
        var splice = RandomSplice(choice: choice)
        splice.visit(document.root)
        let result = JSONSplice.applying(splice.edits, to: document.bytes)
        guard let spliced = try? JSONDocument(parsing: result) else { throw FuzzFinding("the result is no JSON") }
        let (left, right) = (try canonical(spliced.root), splice.expected.bytes)
        try demand(left == right, "the result is not what was kept")
    }

    /// Text comes out of a JSON string as it went in.
    private static let escaping = FuzzTarget(name: "json-text") { bytes in
        _ = JSONText.unescape(bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else { return }
        let escaped = JSONText.escaped(bytes)
        try demand(JSONText.unescape(escaped[...]) == Array(bytes), "unescaping gives something else")
        let text = [UInt8(ascii: "\"")] + escaped + [UInt8(ascii: "\"")]
        guard let value = try? JSONDocument(parsing: text).root.string else {
            throw FuzzFinding("the escaped text is no JSON string")
        }
        try demand(value.utf8.elementsEqual(bytes), "the JSON string is another text")
    }

    /// A merged object has every member of the newer one, and each key once.
    private static let merging = FuzzTarget(name: "json-merge") { bytes in
        var input = FuzzInput(bytes)
        let newer = input.line()
        guard let merged = JSONMerge.storable(newer, over: input.rest) else { return }
        guard let result = try? JSONDocument(parsing: merged).root, result.kind == .object,
            let source = try? JSONDocument(parsing: newer).root
        else { throw FuzzFinding("the result is no object") }
        var keys: Set<String> = []
        for member in source.members where keys.insert(member.key).inserted {
            try demand(
                result[member.key].map { $0.bytes.elementsEqual(member.value.bytes) } ?? false,
                "a member of the newer object is missing or another"
            )
        }
    }

    /// A value without blanks; fails where reading a part of it does.
    static func canonical(_ value: JSONValue) throws(FuzzFinding) -> [UInt8] {
        var writer = JSONWriter()
        try write(value, into: &writer)
        return writer.bytes
    }

    private static func write(_ value: JSONValue, into writer: inout JSONWriter) throws(FuzzFinding) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for member in value.members {
                writer.key(member.key)
                try write(member.value, into: &writer)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            for element in value.elements { try write(element, into: &writer) }
            writer.endArray()
        case .string:
            guard let text = value.string else { throw FuzzFinding("a string has no text") }
            writer.string(text)
        case .number, .boolean, .null: writer.raw(value.bytes)
        }
    }

    private static func refusal(of bytes: Bytes) throws -> JSONError.Code {
        do throws(JSONError) {
            _ = try JSONDocument(parsing: bytes)
        } catch {
            return error.code
        }
        throw FuzzFinding("the same text is read at one time and refused at another")
    }

    /// Escapes of half a surrogate pair, and numbers beyond a double: grammatical, and refused by Foundation.
    private static func mayDiffer(_ bytes: Bytes) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("\\u") || text.contains(/[0-9.]{17}|[eE][+-]?[0-9]{2}/) || text.hasPrefix("\u{FEFF}")
    }
}
