import Crypto
import Foundation

/// The two keys of a CloudStack user. No message, log or dump of what holds them has either.
package struct CloudStackKeys: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    let apiKey: String
    private let secretKey: String

    package init(apiKey: String, secretKey: String) {
        self.apiKey = apiKey
        self.secretKey = secretKey
    }

    /// The base64 of HMAC-SHA1 over a text: what proves who has made it.
    func signature(of text: String) -> String {
        let key = SymmetricKey(data: Array(secretKey.utf8))
        return Data(HMAC<Insecure.SHA1>.authenticationCode(for: Array(text.utf8), using: key)).base64EncodedString()
    }

    /// Whether a text quotes one of them.
    func areQuoted(in text: String) -> Bool { text.contains(apiKey) || text.contains(secretKey) }

    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
