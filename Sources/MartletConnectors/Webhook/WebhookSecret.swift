import Crypto
import Foundation
import MartletPipeline

/// A symmetric secret of Standard Webhooks 1.0.0: `whsec_` and the base64 of 24 to 64 bytes.
///
/// The prefix may be left out.
struct WebhookSecret: Sendable {
    private let key: SymmetricKey

    /// Reads the secret; an error never quotes it.
    init(_ text: String) throws(ComponentError) {
        let prefix = "whsec_"
        let base64 = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : Substring(text)
        guard let bytes = Data(base64Encoded: String(base64)) else {
            throw ComponentError(
                field: "secret",
                "is not base64: make one with `echo whsec_$(openssl rand -base64 32)` and give it to the receiver too"
            )
        }
        guard (24...64).contains(bytes.count) else {
            throw ComponentError(
                field: "secret",
                """
                is \(bytes.count) bytes long, and should be 24 to 64: \
                make one with `echo whsec_$(openssl rand -base64 32)`
                """
            )
        }
        key = SymmetricKey(data: bytes)
    }

    /// The signature of a message, `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
    ///
    /// - Parameter timestamp: seconds since 1970.
    func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Array("\(id).\(timestamp).".utf8))
        code.update(data: body)
        return "v1,\(Data(code.finalize()).base64EncodedString())"
    }
}
