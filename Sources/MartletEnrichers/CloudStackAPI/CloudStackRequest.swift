import Martlet
import MartletTransfer

/// A signed request to CloudStack's API: pure.
///
/// It is posted, so that neither key nor signature stands in a URL, which servers and proxies log.
struct CloudStackRequest {
    let settings: CloudStackAPI.Settings

    /// How long a request is good for: CloudStack takes none that is good for more than 15 minutes, where it is strict.
    private static let validity = Duration.seconds(600)
    private static let maximumResponseBytes = 16 << 20

    func make(_ command: String, _ parameters: [String: String], now: Timestamp) -> HTTPRequest {
        HTTPRequest(
            method: "POST",
            url: settings.endpoint,
            headers: [
                ("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json"),
            ],
            body: Array(body(command, parameters, now: now).utf8),
            timeout: settings.timeout,
            connectTimeout: min(settings.timeout, .seconds(5)),
            maximumResponseBytes: Self.maximumResponseBytes,
            certificateAuthority: settings.certificateAuthority
        )
    }

    private func body(_ command: String, _ parameters: [String: String], now: Timestamp) -> String {
        // Whole seconds, with a zone in digits: what CloudStack reads.
        let expiry = Timestamp(seconds: (now + Self.validity).milliseconds / 1_000).description.dropLast() + "+0000"
        let all = parameters.merging([
            "apikey": settings.keys.apiKey, "command": command, "expires": String(expiry), "response": "json",
            "signatureversion": "3",
        ]) { $1 }
        let signature = settings.keys.signature(of: Self.signedText(of: all))
        return "\(Self.query(of: all))&signature=\(Self.encode(signature))"
    }

    /// What is signed: the query, its parameters sorted by name, in lower case.
    static func signedText(of parameters: [String: String]) -> String { query(of: parameters).lowercased() }

    private static func query(of parameters: [String: String]) -> String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\(encode($0.value))" }.joined(separator: "&")
    }

    /// Percent-encodes a value as Java's `URLEncoder` does but for the blank, which is `%20`: the server encodes what it has
    /// decoded in this way, and compares signatures.
    private static func encode(_ value: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
