import CSimdJSON

extension JSONError {
    /// What the parser found wrong in `bytes`, in words.
    init(_ result: CSimdJSONResult, in bytes: Bytes) {
        let (code, reason) = Self.explanation(of: Int(result.error))
        self.init(code: code, offset: Int(result.errorOffset), in: bytes, reason: reason)
    }

    private static func explanation(of error: Int) -> (Code, String) {
        switch error {
        case Int(CSimdJSONEmpty): (.empty, "there is no value")
        case Int(CSimdJSONUnexpectedEnd): (.unexpectedEnd, "the text ends too early")
        case Int(CSimdJSONExpectedValue): (.syntax, "a value is expected here")
        case Int(CSimdJSONExpectedKey): (.syntax, "a key in quotes is expected here")
        case Int(CSimdJSONExpectedColon): (.syntax, "a colon is expected here")
        case Int(CSimdJSONExpectedCommaOrEnd): (.syntax, "a comma or a closing bracket is expected here")
        case Int(CSimdJSONTrailingContent): (.trailingContent, "the value has ended before this")
        case Int(CSimdJSONInvalidNumber): (.invalidNumber, "this is not how a number is written")
        case Int(CSimdJSONInvalidEscape): (.invalidString, "this is not an escape sequence")
        case Int(CSimdJSONControlCharacter): (.invalidString, "a control character must be escaped")
        case Int(CSimdJSONInvalidUTF8): (.invalidEncoding, "these bytes are not UTF-8")
        case Int(CSimdJSONTooDeep): (.tooDeep, "more than 256 objects and arrays are open here")
        case Int(CSimdJSONTooLarge): (.tooLarge, "the text is larger than 4 GiB")
        case Int(CSimdJSONOutOfMemory): (.tooLarge, "there is not enough memory to read the text")
        default: (.unsupported, "the parser refuses this text")
        }
    }
}
