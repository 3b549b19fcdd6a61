/// Reads what ``FieldWriter`` wrote; checks every length before it reads.
struct FieldReader {
    /// The bytes are not what the writer writes.
    struct Malformed: Error {}

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// One field; its bytes are valid as long as the reader's.
    struct Field {
        let name: EventField
        let form: FieldForm
        let bytes: UnsafeRawBufferPointer

        /// The value as text.
        var text: String {
            switch form {
            case .bytes: String(decoding: bytes, as: UTF8.self)
            case .hexadecimal, .uuid: UUIDText.unpack(bytes, form: form)
            }
        }

        /// The value as a copy of its bytes.
        var copy: ArraySlice<UInt8> { ArraySlice(bytes) }

        func integer() throws -> Int64 {
            var reader = FieldReader(bytes)
            let value = try reader.number()
            return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
        }

        func range() throws -> Range<Int> {
            var reader = FieldReader(bytes)
            let start = try reader.number()
            let count = try reader.number()
            guard let lower = Int(exactly: start), let length = Int(exactly: count), length <= Int.max - lower else {
                throw Malformed()
            }
            return lower..<lower + length
        }
    }

    /// The next field; `nil` at the end.
    mutating func next() throws -> Field? {
        guard offset < bytes.count else { return nil }
        let head = bytes[offset]
        offset += 1
        guard let form = FieldForm(rawValue: head & FieldForm.mask),
            let name = EventField(rawValue: head & ~FieldForm.mask)
        else { throw Malformed() }
        let count = form == .bytes ? try number() : 16
        guard count <= UInt64(bytes.count - offset) else { throw Malformed() }
        defer { offset += Int(count) }
        return Field(
            name: name,
            form: form,
            bytes: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(count)])
        )
    }

    private mutating func number() throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Malformed()
    }
}
