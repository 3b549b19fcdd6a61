/// A path of the API with its query, percent-encoded as it grows.
package struct APIPath: Sendable, Hashable, CustomStringConvertible {
    package private(set) var description: String
    private var hasQuery = false

    /// The path of these segments, `v1` first.
    package init(_ segments: String...) {
        description = "/v1"
        for segment in segments { description += "/" + Self.encode(segment) }
    }

    /// Adds `name=value`; nothing where there is no value. A name may be added more than once.
    package mutating func add(_ name: String, _ value: (some CustomStringConvertible)?) {
        guard let value else { return }
        description += hasQuery ? "&" : "?"
        description += Self.encode(name) + "=" + Self.encode(value.description)
        hasQuery = true
    }

    /// Everything but RFC 3986's unreserved characters is encoded.
    private static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var encoded = String.UnicodeScalarView()
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                encoded.append(Unicode.Scalar(byte))
            default:
                encoded.append("%")
                encoded.append(digits[Int(byte >> 4)])
                encoded.append(digits[Int(byte & 15)])
            }
        }
        return String(encoded)
    }
}
