import Crypto
import Foundation

/// What an API key signs with.
struct CloudStackKeys: Sendable, Hashable {
    var apiKey: String
    var secretKey: String
}

/// A call of CloudStack's API, signed as its developer's guide says: the encoded parameters in the order of their names, in lower
/// case, under HMAC-SHA1 with the secret key.
struct CloudStackRequest: Sendable, Hashable {
    var command: String
    /// Names in lower case: the server sorts them before it lowers them.
    var parameters: [String: String] = [:]

    /// The call as the content of a form. It is posted, so that the key stands in no server's access log.
    func form(_ keys: CloudStackKeys) -> [UInt8] {
        let fields = encodedFields(keys)
        let signature = Self.signature(of: fields, secretKey: keys.secretKey)
        return Array((fields + ["signature=\(signature.encodedAsByJava)"]).joined(separator: "&").utf8)
    }

    /// `apikey=…`, `command=…` and so on, in the order of their names.
    private func encodedFields(_ keys: CloudStackKeys) -> [String] {
        var all = parameters
        all["command"] = command
        all["response"] = "json"
        all["apikey"] = keys.apiKey
        return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.encodedAsByJava)" }
    }

    /// - Parameter fields: encoded, in the order of their names.
    static func signature(of fields: [String], secretKey: String) -> String {
        let text = fields.joined(separator: "&").lowercased()
        let key = SymmetricKey(data: Data(secretKey.utf8))
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Data(text.utf8), using: key)
        return Data(code).base64EncodedString()
    }
}

extension String {
    /// As Java's `URLEncoder` writes it, with `%20` for a blank: what the server compares with.
    var encodedAsByJava: String {
        var encoded: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: encoded.append(byte)
            case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): encoded.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xf)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
