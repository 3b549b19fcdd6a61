import Crypto
import HTTPTypes
import Hummingbird
import MartletClient

/// The one token that opens everything, known by its hash.
struct AdministratorToken: Sendable {
    /// SHA-256 in hexadecimal digits, in lower case.
    private let hash: [UInt8]
    /// Where an administrator finds the token.
    private let location: String

    init(hash: String, location: String) {
        self.hash = Array(hash.lowercased().utf8)
        self.location = location
    }

    /// Checks a request's `Authorization: Bearer …`.
    func check(_ request: Request) throws(Problem) {
        guard let authorization = request.headers[.authorization] else {
            throw Problem(
                .unauthorized,
                "Send `Authorization: Bearer <token>`. The administrator's token lies in \(location)."
            )
        }
        let words = authorization.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer", isToken(words[1]) else {
            throw Problem(.unauthorized, "This is not the administrator's token; it lies in \(location).")
        }
    }

    /// Compared by hash, and to the last digit: the time it takes says nothing about the token.
    private func isToken(_ text: Substring) -> Bool {
        let digits = SHA256.hash(data: Array(text.utf8)).flatMap { byte in
            [AdministratorToken.digits[Int(byte >> 4)], AdministratorToken.digits[Int(byte & 0xF)]]
        }
        return ConstantTime.areEqual(digits, hash)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
