import CSimdJSON

/// One parse of one JSON text: its bytes, and where in them each value begins and ends.
///
/// The text is held, not copied: values and their strings are read from it when they are asked for.
public struct JSONDocument: Sendable {
    let storage: JSONStorage

    /// Parses a text that must be one value in strict UTF-8, its containers nested no deeper than 256.
    ///
    /// A byte order mark is passed over. Numbers of any size are accepted; ``JSONValue/integer`` and
    /// ``JSONValue/double`` say whether they fit. So are escapes of half a surrogate pair, which read as U+FFFD.
    public init(parsing bytes: Bytes) throws(JSONError) {
        storage = JSONStorage(bytes: bytes, nodes: try Self.nodes(of: bytes))
    }

    /// Parses a whole array.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        try self.init(parsing: bytes[...])
    }

    /// Parses a copy of a string's UTF-8.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// The value that the text is.
    public var root: JSONValue { JSONValue(storage: storage, index: 0) }

    /// The whole text, as it was given.
    public var bytes: Bytes { storage.bytes }

    /// Larger documents are rare enough that their memory is given back at once.
    private static let keptMemoryLimit = 1 << 20

    private static func nodes(of bytes: Bytes) throws(JSONError) -> [JSONStorage.Node] {
        // The result's nodes belong to the thread and are copied before it can parse again.
        let result = bytes.withUnsafeBufferPointer { CSimdJSONParse($0.baseAddress, $0.count) }
        defer {
            if bytes.count > keptMemoryLimit { CSimdJSONReleaseMemory() }
        }
        guard result.error == UInt32(CSimdJSONAccepted) else { throw JSONError(result, in: bytes) }
        return Array(UnsafeBufferPointer(start: result.nodes, count: Int(result.count)))
    }
}

/// What all values of a document share; a class so that a value is one reference and an index.
final class JSONStorage: Sendable {
    typealias Node = CSimdJSONNode

    let bytes: Bytes
    let nodes: [Node]

    init(bytes: Bytes, nodes: [Node]) {
        self.bytes = bytes
        self.nodes = nodes
    }
}
