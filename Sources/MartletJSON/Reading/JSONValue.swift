import CSimdJSON

/// A value of a document; cheap to copy.
///
/// Reading never throws: what is not there, or is of another kind, is nil.
public struct JSONValue: Sendable {
    /// The six kinds of value.
    public enum Kind: Sendable {
        case object, array, string, number, boolean, null
    }

    let storage: JSONStorage
    let index: Int

    var node: JSONStorage.Node { storage.nodes[index] }

    /// Which of the six kinds this is.
    public var kind: Kind {
        switch Int(node.kind) {
        case Int(CSimdJSONObject): .object
        case Int(CSimdJSONArray): .array
        case Int(CSimdJSONString): .string
        case Int(CSimdJSONNumber): .number
        case Int(CSimdJSONNull): .null
        default: .boolean
        }
    }

    /// The value's own text, quotes and brackets included.
    public var bytes: Bytes { storage.bytes(of: node) }

    /// Hands over ``bytes`` where they stand.
    func withUnsafeBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let range = range
        storage.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Where ``bytes`` are, counted from 0 at the start of the document.
    public var range: Range<Int> { node.range }

    /// The members of an object or the elements of an array; 0 for anything else.
    public var count: Int {
        isObject ? members.count { _ in true } : elements.count { _ in true }
    }

    var isObject: Bool { node.kind == UInt8(CSimdJSONObject) }
    var isArray: Bool { node.kind == UInt8(CSimdJSONArray) }
    var isString: Bool { node.kind == UInt8(CSimdJSONString) }
}

extension JSONStorage {
    func bytes(of node: Node) -> Bytes {
        let start = bytes.startIndex + Int(node.offset)
        return bytes[start..<start + Int(node.length)]
    }

    /// The text between the quotes of a string or key.
    func content(of node: Node) -> Bytes {
        let start = bytes.startIndex + Int(node.offset)
        return bytes[start + 1..<start + Int(node.length) - 1]
    }
}

extension JSONStorage.Node {
    var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
}
