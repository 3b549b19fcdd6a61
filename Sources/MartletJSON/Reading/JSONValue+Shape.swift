import CSimdJSON

/// What a value looks like, without a look at what it says.
extension JSONValue {
    /// Whether both are objects with the same keys, written alike, in the same order.
    public func hasSameKeys(as other: JSONValue) -> Bool {
        guard isObject, other.isObject else { return false }
        return storage.bytes.withUnsafeBufferPointer { text in
            other.storage.bytes.withUnsafeBufferPointer { otherText in
                storage.nodes.withUnsafeBufferPointer { nodes in
                    other.storage.nodes.withUnsafeBufferPointer { others in
                        var (key, otherKey) = (index + 1, other.index + 1)
                        let (end, otherEnd) = (Int(nodes[index].next), Int(others[other.index].next))
                        while key < end, otherKey < otherEnd {
                            guard nodes[key].isWritten(in: text, as: others[otherKey], in: otherText) else {
                                return false
                            }
                            (key, otherKey) = (Int(nodes[key + 1].next), Int(others[otherKey + 1].next))
                        }
                        return key >= end && otherKey >= otherEnd
                    }
                }
            }
        }
    }

    /// Whether no value within stands in more than this many containers, this one included.
    public func isNested(atMost levels: Int) -> Bool {
        storage.nodes.withUnsafeBufferPointer { nodes in
            let own = index..<Int(nodes[index].next)
            // Nearly always there are not even as many containers.
            if own.count(where: { nodes[$0].isContainer }) <= levels { return true }
            var open: [Int] = []
            for position in own where nodes[position].isContainer {
                while let end = open.last, end <= position { open.removeLast() }
                open.append(Int(nodes[position].next))
                if open.count > levels { return false }
            }
            return true
        }
    }
}

extension JSONStorage.Node {
    fileprivate var isContainer: Bool { kind == UInt8(CSimdJSONObject) || kind == UInt8(CSimdJSONArray) }
}
