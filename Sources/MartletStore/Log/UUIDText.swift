/// A UUID's 32 digits in 16 bytes and back: most ids of both clouds are UUIDs, with or without hyphens.
enum UUIDText {
    /// Where the hyphens of the canonical form stand.
    private static func isHyphen(_ index: Int) -> Bool { index == 8 || index == 13 || index == 18 || index == 23 }

    /// The 16 bytes, the first digit first; `nil` where the text is not exactly of this form, capitals included.
    static func pack(_ text: UnsafeBufferPointer<UInt8>, form: FieldForm) -> (UInt64, UInt64)? {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in text.indices {
            let character = text[index]
            if form == .uuid, isHyphen(index) {
                guard character == 0x2D else { return nil }
                continue
            }
            let digit: UInt8
            switch character {
            case 0x30...0x39: digit = character &- 0x30
            case 0x61...0x66: digit = character &- 0x57
            default: return nil
            }
            high = high &<< 4 | low &>> 60
            low = low &<< 4 | UInt64(digit)
        }
        return (high.bigEndian, low.bigEndian)
    }

    /// The text of 16 bytes that ``pack(_:form:)`` made.
    static func unpack(_ bytes: UnsafeRawBufferPointer, form: FieldForm) -> String {
        String(unsafeUninitializedCapacity: 36) { text in
            var count = 0
            for byte in bytes {
                if form == .uuid, isHyphen(count) {
                    text[count] = 0x2D
                    count += 1
                }
                text[count] = digit(byte >> 4)
                text[count + 1] = digit(byte & 0x0F)
                count += 2
            }
            return count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x57 }
}
