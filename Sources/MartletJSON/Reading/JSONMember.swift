import CSimdJSON

/// A key of an object and its value.
public struct JSONMember: Sendable {
    /// The value, of any kind.
    public let value: JSONValue

    private var keyNode: JSONStorage.Node { value.storage.nodes[value.index - 1] }

    /// The key, unescaped.
    public var key: String { value.storage.string(of: keyNode) }

    /// The key between its quotes, still escaped.
    public var keyContent: Bytes { value.storage.content(of: keyNode) }

    /// Whether there is a backslash in the key.
    public var keyHasEscapes: Bool { keyNode.hasEscapes != 0 }

    /// Whether the key is this very text, without making a `String` of it.
    public func keyEquals(_ text: StaticString) -> Bool {
        value.storage.string(of: keyNode, equals: text)
    }

    /// The first byte of the key, still escaped; `nil` where the key is empty.
    public var firstKeyByte: UInt8? {
        let key = keyNode
        let bytes = value.storage.bytes
        return key.length > 2 ? bytes[bytes.startIndex + Int(key.offset) + 1] : nil
    }

    /// Where `"key": value` is, counted from 0 at the start of the document.
    public var range: Range<Int> { keyNode.range.lowerBound..<value.range.upperBound }

    /// Where the key with its quotes is, counted from 0 at the start of the document.
    public var keyRange: Range<Int> { keyNode.range }

    /// Hands over the key with its quotes, where it stands.
    func withUnsafeKey(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let range = keyRange
        value.storage.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }
}
