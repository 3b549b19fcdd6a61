import Martlet

/// Appends fields to bytes: a byte that names the field and the form of its value, then the value.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    /// Begins anew and keeps the memory.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// A text as it stands; nothing where there is none.
    mutating func text(_ field: EventField, _ value: String?) {
        guard var value else { return }
        value.withUTF8 { append(field, UnsafeRawBufferPointer($0)) }
    }

    /// A text that is likely to be a UUID or 32 hexadecimal digits; half as long then.
    mutating func identifier(_ field: EventField, _ value: String?) {
        guard var value else { return }
        value.withUTF8 { text in
            if text.count == 36, let packed = UUIDText.pack(text, form: .uuid) {
                bytes.append(field.rawValue | FieldForm.uuid.rawValue)
                withUnsafeBytes(of: packed) { bytes.append(contentsOf: $0) }
            } else if text.count == 32, let packed = UUIDText.pack(text, form: .hexadecimal) {
                bytes.append(field.rawValue | FieldForm.hexadecimal.rawValue)
                withUnsafeBytes(of: packed) { bytes.append(contentsOf: $0) }
            } else {
                append(field, UnsafeRawBufferPointer(text))
            }
        }
    }

    /// Bytes as they stand.
    mutating func raw(_ field: EventField, _ value: ArraySlice<UInt8>) {
        value.withUnsafeBytes { append(field, $0) }
    }

    /// A signed number, in as few bytes as it needs.
    mutating func integer(_ field: EventField, _ value: Int64) {
        begin(field)
        let start = bytes.count
        bytes.append(0)
        appendNumber(FieldWriter.zigzag(value))
        bytes[start] = UInt8(bytes.count - start - 1)
    }

    /// A range of offsets.
    mutating func range(_ field: EventField, _ value: Range<Int>) {
        begin(field)
        let start = bytes.count
        bytes.append(0)
        appendNumber(UInt64(value.lowerBound))
        appendNumber(UInt64(value.count))
        bytes[start] = UInt8(bytes.count - start - 1)
    }

    private mutating func begin(_ field: EventField) { bytes.append(field.rawValue) }

    private mutating func append(_ field: EventField, _ value: UnsafeRawBufferPointer) {
        begin(field)
        appendNumber(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Seven bits a byte, the least significant first; the high bit says that more follow.
    private mutating func appendNumber(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Small numbers of either sign become small numbers.
    private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }
}
