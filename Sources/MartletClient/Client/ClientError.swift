import MartletJSON
import MartletTransfer

/// Why a request to a server has no useful answer.
package struct ClientError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; new ones may be added.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let description: String

        init(_ name: StaticString) { description = "\(name)" }

        /// The address cannot be used; nothing was sent.
        package static let badAddress = Code("bad-address")
        /// No connection, or one that broke before the answer was whole. The server may have received the request.
        package static let unreachable = Code("unreachable")
        /// 401: the token is missing or wrong.
        package static let unauthorized = Code("unauthorized")
        /// 403: the token is known and does not suffice.
        package static let forbidden = Code("forbidden")
        /// 503: the server answers, but not now; ``ClientError/retryAfter`` says when.
        package static let unavailable = Code("unavailable")
        /// Any other answer of status 400 and above; ``ClientError/problem`` says why.
        package static let refused = Code("refused")
        /// The answer is not what this version of the API says.
        package static let unreadable = Code("unreadable")
    }

    package let code: Code
    /// A sentence for people.
    package let message: String
    /// The status of the answer; nil where there was none.
    package let status: Int?
    /// What the server said of it, where it did.
    package let problem: Problem?
    /// After how long the server asks to be tried again.
    package let retryAfter: Duration?

    init(
        _ code: Code,
        _ message: String,
        status: Int? = nil,
        problem: Problem? = nil,
        clouds: [String] = [],
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.problem = problem
        self.retryAfter = retryAfter
    }

    package var description: String { message }
}

extension ClientError {
    /// The failure of a transfer to the server at an address.
    init(_ error: TransferError, address: String) {
        let code: Code = error.code == .badURL || error.code == .badRequest ? .badAddress : .unreachable
        self.init(code, error.message)
    }

    /// An answer of status 400 and above.
    init(response: HTTPResponse) {
        // A proxy in between answers with pages of its own.
        let problem = (try? JSONDocument(parsing: response.body).root).flatMap { Problem($0) }
        let code: Code =
            switch response.status {
            case 401: .unauthorized
            case 403: .forbidden
            case 503: .unavailable
            default: .refused
            }
        self.init(
            code,
            problem?.detail ?? "The server answered with status \(response.status).",
            status: response.status,
            problem: problem,
            retryAfter: response.headers["Retry-After"].flatMap { Int64($0) }.map { .seconds(max($0, 0)) }
        )
    }

    static func unreadable(_ what: String) -> ClientError {
        ClientError(.unreadable, "The answer could not be understood: \(what). Is it a Martlet server of this version?")
    }
}
