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
        /// Too many requests.
        package static let throttled = Code("throttled")
        /// It refuses the request, or failed with it.
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

    init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    package var description: String { message }
}
