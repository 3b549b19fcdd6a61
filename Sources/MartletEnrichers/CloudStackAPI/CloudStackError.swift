/// Why CloudStack's API has not given what it was asked for.
package struct CloudStackError: Error, Sendable, Hashable, CustomStringConvertible {
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let description: String

        private init(_ name: StaticString) { description = "\(name)" }

        /// It does not take the keys or the signature.
        package static let unauthorized = Code("unauthorized")
        /// The keys' role may not use the command, or has no access to the resource.
        package static let notPermitted = Code("not-permitted")
        /// There is no such resource.
        package static let unknown = Code("unknown")
        /// It does not take the request's parameters.
        package static let invalid = Code("invalid")
        /// Too many requests.
        package static let throttled = Code("throttled")
        /// It failed with the request.
        package static let failed = Code("failed")
        /// The answer is none of CloudStack's, or breaks off.
        package static let malformed = Code("malformed")
        /// No connection, or no answer in time.
        package static let unreachable = Code("unreachable")
    }

    package let code: Code
    /// A sentence that says what to do, without secrets.
    package let message: String
    /// How long CloudStack asks to be left alone.
    package let retryAfter: Duration?
    /// How many resources a page may have, where it was asked for more.
    package let pageSizeLimit: Int?

    init(_ code: Code, _ message: String, retryAfter: Duration? = nil, pageSizeLimit: Int? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.pageSizeLimit = pageSizeLimit
    }

    package var description: String { message }
}
