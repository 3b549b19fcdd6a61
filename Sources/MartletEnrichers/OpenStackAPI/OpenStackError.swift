/// Why a service of OpenStack's has not given what it was asked for.
package struct OpenStackError: Error, Sendable, Hashable, CustomStringConvertible {
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let description: String

        private init(_ name: StaticString) { description = "\(name)" }

        /// Keystone gives no token.
        package static let noAccess = Code("no-access")
        /// The catalogue has no such service.
        package static let noService = Code("no-service")
        /// The service does not take the token.
        package static let unauthorized = Code("unauthorized")
        /// The user's roles do not allow it.
        package static let notPermitted = Code("not-permitted")
        /// There is no such resource.
        package static let unknown = Code("unknown")
        /// It does not take the request's parameters.
        package static let invalid = Code("invalid")
        /// It gives no more of a list than it has given.
        package static let truncated = Code("truncated")
        /// It takes no requests now.
        package static let unavailable = Code("unavailable")
        /// It failed with the request.
        package static let failed = Code("failed")
        /// The answer is none of the service's, or breaks off.
        package static let malformed = Code("malformed")
        /// No connection, or no answer in time.
        package static let unreachable = Code("unreachable")
    }

    package let code: Code
    /// A sentence that says what to do. Nothing of what a service has written: it may quote the request.
    package let message: String
    /// How long the service asks to be left alone.
    package let retryAfter: Duration?

    init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    package var description: String { message }
}
