import CSimdJSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reading the node of a string or key.
extension JSONStorage {
    func string(of node: Node) -> String {
        let content = content(of: node)
        guard node.hasEscapes != 0, let unescaped = JSONText.unescape(content) else {
            return String(decoding: content, as: UTF8.self)
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    func string(of node: Node, equals expected: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { text in
            expected.withUTF8Buffer { node.isString($0, in: text) }
        }
    }

    func string(of node: Node, hasPrefix prefix: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { text in
            prefix.withUTF8Buffer { prefix in
                if node.hasEscapes != 0 { return node.unescaped(in: text).starts(with: prefix) }
                return Int(node.length) - 2 >= prefix.count && node.content(in: text, is: prefix)
            }
        }
    }
}

extension JSONStorage.Node {
    /// Whether the string or key at this node of `text` is `expected` once unescaped.
    func isString(_ expected: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if hasEscapes != 0 { return unescaped(in: text).elementsEqual(expected) }
        return Int(length) - 2 == expected.count && content(in: text, is: expected)
    }

    /// Whether the text of this node is the same, byte for byte, as that of another.
    func isWritten(
        in text: UnsafeBufferPointer<UInt8>,
        as other: Self,
        in otherText: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard length == other.length, let start = text.baseAddress, let otherStart = otherText.baseAddress else {
            return false
        }
        return memcmp(start + Int(offset), otherStart + Int(other.offset), Int(length)) == 0
    }

    /// Whether the bytes after the opening quote are `expected`, which must not reach beyond the string.
    fileprivate func content(
        in text: UnsafeBufferPointer<UInt8>,
        is expected: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let start = text.baseAddress, let other = expected.baseAddress else { return expected.isEmpty }
        return memcmp(start + Int(offset) + 1, other, expected.count) == 0
    }

    /// Copies, but only for the rare string with an escape in it.
    fileprivate func unescaped(in text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let content = text[Int(offset) + 1..<Int(offset) + Int(length) - 1]
        return JSONText.unescape(Array(content)[...]) ?? []
    }
}
