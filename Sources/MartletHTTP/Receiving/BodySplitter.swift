import MartletClient
import MartletJSON

/// One event of a body, or what was meant to be one.
struct BodyItem: Sendable {
    var bytes: Bytes
    /// `nil` where it is no JSON.
    var json: JSONValue?
    /// Why it is no JSON: `line 3, column 14: …`; `nil` where it is.
    var reason: String?
}

/// Finds the events in a body: one JSON object, an array of them, or lines of JSON.
///
/// Pure. A body is refused as a whole, and nothing of it kept, only where it cannot be read at all; otherwise each item
/// is judged by itself (promise 12).
struct BodySplitter: Sendable {
    /// The media type in lower case, without parameters.
    var mediaType = ""
    /// A topic came with the body: then `null` is an event too, as CloudStack's first one after a start.
    var hasTopic = false

    /// The items of a body.
    ///
    /// - Throws: a problem of code `not-json` with the place of the first mistake.
    func split(_ body: Bytes) throws(Problem) -> [BodyItem] {
        let root: JSONValue
        do {
            root = try JSONDocument(parsing: body).root
        } catch {
            let areExpected = BodySplitter.lineTypes.contains(mediaType)
            guard let lines = try BodySplitter.lines(of: body, areExpected: areExpected) else { throw Problem(error) }
            return lines
        }
        switch root.kind {
        case .object: return [BodyItem(bytes: root.bytes, json: root)]
        case .array:
            let items = root.elements.prefix(BodySplitter.maximumItems + 1).map { BodyItem(bytes: $0.bytes, json: $0) }
            guard items.count <= BodySplitter.maximumItems else { throw BodySplitter.tooMany }
            return items
        case .null where hasTopic: return [BodyItem(bytes: root.bytes, json: root)]
        case .null, .string, .number, .boolean:
            throw Problem(
                .notJSON,
                "The body is a JSON value but no event: an object, an array of objects or lines of objects."
            )
        }
    }

    private static let lineTypes: Set<String> = [
        "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
        "application/json-lines", "application/json-seq-free",
    ]

    /// The lines of a body, read one by one; `nil` where it was not meant as lines.
    ///
    /// Where the sender does not say that it sends lines, at least two and half of all must be objects.
    private static func lines(of body: Bytes, areExpected: Bool) throws(Problem) -> [BodyItem]? {
        var items: [BodyItem] = []
        var objects = 0
        var values = 0
        var number = 0
        var rest = body
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest[line.endIndex...].dropFirst()
            number += 1
            if line.allSatisfy(isBlank) { continue }
            guard items.count < maximumItems else { throw tooMany }
            do {
                let root = try JSONDocument(parsing: line).root
                items.append(BodyItem(bytes: root.bytes, json: root))
                values += 1
                if root.kind == .object { objects += 1 }
            } catch {
                let reason = "line \(number), column \(error.column): \(error.reason)"
                items.append(BodyItem(bytes: line, reason: reason))
            }
        }
        if areExpected { return values > 0 ? items : nil }
        return items.count >= 2 && objects * 2 >= items.count ? items : nil
    }

    /// Items take more memory than the bytes they are made of: `[0,0,0,…` must not take it all.
    private static let maximumItems = 100_000
    private static let tooMany = Problem(.bodyTooLarge, "A body may have \(maximumItems) events at the most.")

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
