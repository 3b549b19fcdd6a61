/// Appends JSON text to an array of bytes, and sets the commas itself.
///
/// The caller keeps objects and arrays balanced and gives each key one value.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8]
    /// Whether the next key or element follows another one.
    private var needsComma = false

    /// Starts empty, with room for this many bytes.
    public init(reservingCapacity capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Starts over, with the memory it has.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Opens an object; keys and values follow.
    public mutating func beginObject() { begin(UInt8(ascii: "{")) }

    /// Closes the innermost object.
    public mutating func endObject() { end(UInt8(ascii: "}")) }

    /// Opens an array; its elements follow.
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }

    /// Closes the innermost array.
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Writes the key of the value that follows.
    public mutating func key(_ name: StaticString) {
        string(name)
        endKey()
    }

    /// Writes the key of the value that follows.
    @_disfavoredOverload
    public mutating func key(_ name: String) {
        string(name)
        endKey()
    }

    /// Writes the key of the value that follows: one that is a JSON string already, with its quotes.
    public mutating func key(quoted name: [UInt8]) {
        beginValue()
        bytes.append(contentsOf: name)
        endKey()
    }

    /// Writes a string, escaped where needed.
    @_disfavoredOverload
    public mutating func string(_ text: String) { string(utf8: text.utf8) }

    /// Writes a string, escaped where needed.
    public mutating func string(_ text: StaticString) {
        text.withUTF8Buffer { string(utf8: $0) }
    }

    /// Writes UTF-8 bytes as a string: a JSON text as the content of a string, for one.
    public mutating func string(utf8: some Collection<UInt8>) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        JSONText.appendEscaped(utf8, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a whole number of any size.
    public mutating func integer(_ value: some BinaryInteger) {
        beginValue()
        bytes.append(contentsOf: value.description.utf8)
    }

    /// Writes the shortest text that reads back the same; `null` for what JSON cannot say.
    public mutating func double(_ value: Double) {
        beginValue()
        bytes.append(contentsOf: value.isFinite ? value.description.utf8 : "null".utf8)
    }

    /// Writes `true` or `false`.
    public mutating func boolean(_ value: Bool) {
        beginValue()
        bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
    }

    /// Writes `null`.
    public mutating func null() {
        beginValue()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a value that is JSON already.
    @_disfavoredOverload
    public mutating func raw(_ value: some Collection<UInt8>) {
        beginValue()
        bytes.append(contentsOf: value)
    }

    /// Writes a value that is JSON already.
    public mutating func raw(_ value: Bytes) {
        beginValue()
        bytes.append(contentsOf: value)
    }

    /// Writes the key of a member of another text, and its value, as they stand there.
    public mutating func member(_ member: JSONMember) {
        key(of: member)
        beginValue()
        member.value.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Writes the key of a member of another text, as it stands there.
    public mutating func key(of member: JSONMember) {
        beginValue()
        member.withUnsafeKey { bytes.append(contentsOf: $0) }
        endKey()
    }

    private mutating func begin(_ bracket: UInt8) {
        beginValue()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func endKey() {
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func beginValue() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
