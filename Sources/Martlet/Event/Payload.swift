public import MartletJSON

/// The bytes of an event: what came in, less credentials, and which part of it is the event's `data`.
public struct Payload: Sendable, Hashable {
    /// What `data` is.
    public enum Content: Sendable, Hashable {
        /// There is none.
        case absent
        /// JSON, at these offsets from the start of `original`.
        case json(Range<Int>)
        /// Bytes in base64, the text between the quotes at these offsets from the start of `original`.
        case base64(Range<Int>)
        /// All of `original`, which is no JSON.
        case binary
    }

    /// The bytes as they came in, less credentials.
    public var original: Bytes
    /// Which part of the bytes is `data`.
    public var content: Content

    /// A body, and which part of it is `data`.
    public init(original: Bytes, content: Content) {
        self.original = original
        self.content = content
    }

    /// A body that is JSON as a whole. A byte order mark in front of it is none of `data`.
    public init(json bytes: Bytes) {
        let start = bytes.starts(with: Payload.byteOrderMark) ? Payload.byteOrderMark.count : 0
        self.init(original: bytes, content: .json(start..<bytes.count))
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The JSON of `data`; `nil` where it is no JSON.
    public var json: Bytes? {
        guard case .json(let range) = content else { return nil }
        return original[original.startIndex + range.lowerBound..<original.startIndex + range.upperBound]
    }

    /// The base64 text of `data`; `nil` where it is not in base64.
    public var base64: Bytes? {
        guard case .base64(let range) = content else { return nil }
        return original[original.startIndex + range.lowerBound..<original.startIndex + range.upperBound]
    }
}
