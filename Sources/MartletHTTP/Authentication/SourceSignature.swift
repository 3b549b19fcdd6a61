import Crypto
import Foundation
import MartletClient

/// The signature of what is posted to a source: Base64 of HMAC-SHA256 over the body, as CloudStack's webhooks send it.
struct SourceSignature: Sendable {
    static let header = "X-CS-Signature"

    /// One of them must have signed: two while a secret is being changed.
    private let keys: [SymmetricKey]

    init(secrets: [String]) { keys = secrets.map { SymmetricKey(data: Array($0.utf8)) } }

    /// Checks the signature of a body; in constant time, and against every secret.
    func check(_ signature: String?, of body: [UInt8]) throws(Problem) {
        let code = try SourceSignature.code(signature)
        let isValid = keys.reduce(false) { isValid, key in
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key) || isValid
        }
        guard isValid else {
            throw Problem(.unauthorized, "The signature in \(SourceSignature.header) is not that of this body.")
        }
    }

    /// The signature's bytes; thrown at those who sent none before their body is read.
    @discardableResult
    static func code(_ signature: String?) throws(Problem) -> Data {
        guard let signature else {
            throw Problem(
                .unauthorized,
                "This source takes only what is signed: \(header) = Base64(HMAC-SHA256(secret, body))."
            )
        }
        guard let code = Data(base64Encoded: signature) else {
            throw Problem(.unauthorized, "\(header) is not in Base64.")
        }
        return code
    }
}
