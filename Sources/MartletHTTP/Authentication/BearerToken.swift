import Crypto
import HTTPTypes
import Hummingbird

/// What a request identifies itself with, as its hash.
struct BearerToken: Sendable {
    /// SHA-256 in hexadecimal digits, in lower case; empty where the header holds no token.
    private let digits: [UInt8]

    /// Reads `Authorization: Bearer …`; `nil` where there is no such header.
    init?(_ request: Request) {
        guard let authorization = request.headers[.authorization] else { return nil }
        let words = authorization.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer" else {
            digits = []
            return
        }
        digits = SHA256.hash(data: Array(words[1].utf8)).flatMap { byte in
            [BearerToken.alphabet[Int(byte >> 4)], BearerToken.alphabet[Int(byte & 0xF)]]
        }
    }

    /// Compared by hash, and to the last digit: the time it takes says nothing about the token.
    func isMet(by hash: [UInt8]) -> Bool { ConstantTime.areEqual(digits, hash) && !hash.isEmpty }

    private static let alphabet = Array("0123456789abcdef".utf8)
}
