import CSimdJSON

extension JSONValue {
    /// The unescaped text of a string.
    public var string: String? { isString ? storage.string(of: node) : nil }

    /// The text of a string between its quotes, still escaped.
    public var stringContent: Bytes? { isString ? storage.content(of: node) : nil }

    /// Whether this is a string with a backslash in it.
    public var hasEscapes: Bool { node.hasEscapes != 0 }

    /// Whether this is a string of this very text, without making a `String` of it.
    public func equals(_ text: StaticString) -> Bool {
        isString && storage.string(of: node, equals: text)
    }

    /// Whether this is a string of this very text, without making a `String` of it.
    ///
    /// A literal is taken as a `StaticString`, which saves a conversion.
    @_disfavoredOverload
    public func equals(_ text: String) -> Bool {
        guard isString else { return false }
        var text = text
        return text.withUTF8 { expected in
            storage.bytes.withUnsafeBufferPointer { node.isString(expected, in: $0) }
        }
    }

    /// Whether this is a string that begins with this very text.
    public func hasPrefix(_ text: StaticString) -> Bool {
        isString && storage.string(of: node, hasPrefix: text)
    }

    /// The value of a number that is written without fraction and exponent and fits.
    public var integer: Int64? {
        guard node.kind == UInt8(CSimdJSONNumber) else { return nil }
        return bytes.withUnsafeBufferPointer { digits in
            let isNegative = digits[0] == UInt8(ascii: "-")
            var value: Int64 = 0
            // Built up below zero, where there is room for one more than above.
            for byte in digits.dropFirst(isNegative ? 1 : 0) {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                let (shifted, tooFar) = value.multipliedReportingOverflow(by: 10)
                let (next, tooFarStill) = shifted.subtractingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
                guard !tooFar, !tooFarStill else { return nil }
                value = next
            }
            if isNegative { return value }
            return value == .min ? nil : -value
        }
    }

    /// The value of a number, rounded to the nearest that there is; nil past the largest.
    public var double: Double? {
        guard node.kind == UInt8(CSimdJSONNumber) else { return nil }
        return Double(String(decoding: bytes, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The value of `true` or `false`.
    public var boolean: Bool? {
        switch Int(node.kind) {
        case Int(CSimdJSONTrue): true
        case Int(CSimdJSONFalse): false
        default: nil
        }
    }

    /// Whether this is `null`, which a member that is not there is not.
    public var isNull: Bool { node.kind == UInt8(CSimdJSONNull) }
}
