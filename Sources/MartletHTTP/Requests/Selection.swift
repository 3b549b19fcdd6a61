import MartletClient
import MartletJSON

/// What the body of a command selects: `{"ids": ["…"]}`, `{"all": true}`, or `{"source": "…"}` where there are sources.
enum Selection: Sendable, Hashable {
    /// Each once, in the order given.
    case ids([Int64])
    case source(String)
    case all

    /// More than these in one request are too many.
    static let maximumIDs = 10_000

    init(_ body: [UInt8], takesSource: Bool = false) throws(Problem) {
        let root: JSONValue
        do {
            root = try JSONDocument(parsing: body).root
        } catch {
            throw Problem(error)
        }
        if root["all"]?.boolean == true, root.count == 1 {
            self = .all
        } else if let ids = root["ids"], ids.kind == .array, root.count == 1 {
            self = .ids(try Selection.ids(in: ids))
        } else if takesSource, let source = root["source"]?.string, root.count == 1 {
            self = .source(source)
        } else {
            let source = takesSource ? ", {\"source\": \"…\"}" : ""
            throw Problem(.invalidParameter, "The body is one of {\"ids\": [\"…\"]}\(source) or {\"all\": true}.")
        }
    }

    private static func ids(in array: JSONValue) throws(Problem) -> [Int64] {
        var ids: [Int64] = []
        var known: Set<Int64> = []
        for element in array.elements {
            guard let id = element.string.flatMap({ Int64($0) }) ?? element.integer, id >= 1 else {
                throw .parameter(
                    "ids",
                    "\"ids\" has something that is no id: \(String(decoding: element.bytes.prefix(40), as: UTF8.self))."
                )
            }
            if known.insert(id).inserted { ids.append(id) }
        }
        guard ids.count <= maximumIDs else { throw .parameter("ids", "\"ids\" may have \(maximumIDs) at the most.") }
        return ids
    }
}
