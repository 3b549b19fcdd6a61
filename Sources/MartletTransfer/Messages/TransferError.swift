/// Why a request has no answer.
package struct TransferError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name, as it appears in metrics and logs.
        package let description: String

        private init(_ name: StaticString) { description = "\(name)" }

        /// The URL cannot be used; nothing was sent.
        package static let badURL = Code("bad-url")
        /// The method or a header cannot be used; nothing was sent.
        package static let badRequest = Code("bad-request")
        /// The host's name has no address.
        package static let resolve = Code("resolve")
        /// No connection could be opened.
        package static let connect = Code("connect")
        /// Every address of the host is one that the request's networks exclude; nothing was sent.
        package static let forbiddenAddress = Code("forbidden-address")
        /// A time-out passed. The server may have received the request.
        package static let timeout = Code("timeout")
        /// No trusted connection: the certificate, its name, the protocol, or the file of authorities.
        package static let tls = Code("tls")
        /// The connection broke while the request was sent.
        package static let send = Code("send")
        /// The connection broke before the end of the answer, or the answer was not HTTP. The server may have received the request.
        package static let receive = Code("receive")
        /// The answer was larger than the request allows. The server has received the request.
        package static let tooLarge = Code("too-large")
        /// The task that waited was cancelled.
        package static let cancelled = Code("cancelled")
        /// The client was shut down.
        package static let shutdown = Code("shutdown")
        /// This machine lacks memory, threads or descriptors, or libcurl was built without something that is needed.
        package static let resources = Code("resources")
    }

    /// The kind of failure.
    package let code: Code
    /// A sentence that names the host, never the rest of the URL, and says what to do.
    package let message: String

    /// - Parameter message: a sentence without secrets.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    static func cancelled(_ request: HTTPRequest) -> TransferError {
        TransferError(.cancelled, "The request to \(Origin.name(of: request.url)) was cancelled.")
    }

    static func endedInHead(_ request: HTTPRequest) -> TransferError {
        TransferError(
            .receive,
            "The answer of \(Origin.name(of: request.url)) did not arrive: the connection was closed within its head."
        )
    }

    static func shutdown(_ request: HTTPRequest) -> TransferError {
        TransferError(
            .shutdown,
            "The request to \(Origin.name(of: request.url)) was given up because the program is stopping."
        )
    }
}
