import CSimdJSON

extension JSONValue {
    /// The member of this very name, in the same case; the first one if there are several.
    public subscript(key: StaticString) -> JSONValue? {
        key.withUTF8Buffer { value(named: $0) }
    }

    /// The member of this very name, in the same case; the first one if there are several.
    ///
    /// A literal is taken as a `StaticString`, which saves a conversion.
    @_disfavoredOverload
    public subscript(key: String) -> JSONValue? {
        var key = key
        return key.withUTF8 { value(named: $0) }
    }

    /// The element at this place of an array, counted from 0.
    public subscript(index: Int) -> JSONValue? {
        index < 0 ? nil : elements.dropFirst(index).first { _ in true }
    }

    /// The members of an object in the order of the text, doubles included; empty for anything else.
    public var members: JSONMembers { JSONMembers(object: self) }

    /// The elements of an array; empty for anything else.
    public var elements: JSONElements { JSONElements(array: self) }

    private func value(named name: UnsafeBufferPointer<UInt8>) -> JSONValue? {
        guard isObject else { return nil }
        let found = storage.bytes.withUnsafeBufferPointer { text in
            storage.nodes.withUnsafeBufferPointer { nodes in
                let end = Int(nodes[index].next)
                var key = index + 1
                while key < end {
                    if nodes[key].isString(name, in: text) { return key + 1 }
                    key = Int(nodes[key + 1].next)
                }
                return 0
            }
        }
        // The root is nobody's member.
        return found == 0 ? nil : JSONValue(storage: storage, index: found)
    }
}

/// The members of an object.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    private let storage: JSONStorage
    private var key: Int
    private let end: Int

    init(object: JSONValue) {
        storage = object.storage
        key = object.index + 1
        end = object.isObject ? Int(object.node.next) : key
    }

    /// The next member in the order of the text.
    public mutating func next() -> JSONMember? {
        guard key < end else { return nil }
        defer { key = Int(storage.nodes[key + 1].next) }
        return JSONMember(value: JSONValue(storage: storage, index: key + 1))
    }
}

/// The elements of an array.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let storage: JSONStorage
    private var index: Int
    private let end: Int

    init(array: JSONValue) {
        storage = array.storage
        index = array.index + 1
        end = array.isArray ? Int(array.node.next) : index
    }

    /// The next element.
    public mutating func next() -> JSONValue? {
        guard index < end else { return nil }
        defer { index = Int(storage.nodes[index].next) }
        return JSONValue(storage: storage, index: index)
    }
}
