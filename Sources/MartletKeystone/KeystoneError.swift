/// Why there is no token, or no endpoint.
package struct KeystoneError: Error, Sendable, Hashable, CustomStringConvertible {
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let description: String

        private init(_ name: StaticString) { description = "\(name)" }

        /// Keystone does not take the credential.
        package static let refused = Code("refused")
        /// There is no Keystone of version 3 at the address.
        package static let notFound = Code("not-found")
        /// Keystone takes no requests now.
        package static let unavailable = Code("unavailable")
        /// No connection, or no answer in time.
        package static let unreachable = Code("unreachable")
        /// The answer is no token.
        package static let malformed = Code("malformed")
        /// The catalogue has no such endpoint.
        package static let noEndpoint = Code("no-endpoint")
        /// The task that asked was cancelled.
        package static let cancelled = Code("cancelled")
    }

    package let code: Code
    /// A sentence that names the host and what to do. Never anything of what Keystone has written: it quotes requests,
    /// and those hold the password.
    package let message: String
    /// The `Retry-After` of the answer, as it came.
    package let retryAfter: String?

    init(_ code: Code, _ message: String, retryAfter: String? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    package var description: String { message }
}
