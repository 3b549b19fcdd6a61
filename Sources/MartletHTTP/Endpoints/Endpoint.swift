import HTTPTypes
import MartletClient

/// One method at one path, with everything that its callers have to know.
///
/// The one table behind the router, the answer 405 and the OpenAPI document.
struct Endpoint: Sendable {
    enum Access: Sendable {
        case everybody
        case administrator
        /// The administrator's token, or a signature where the source has a secret.
        case source
        /// The administrator's token, unless the configuration shows it to everybody.
        case metrics
    }

    struct Parameter: Sendable {
        enum Place: String, Sendable {
            case path, query, header
        }

        /// What a value looks like, as a JSON schema has it.
        enum Form: Sendable {
            case string
            /// A text of at least one character.
            case word
            /// A position or an id: decimal digits.
            case decimal
            case integer(ClosedRange<Int>, default: Int)
            case choice([String], default: String?)
            /// Given any number of times.
            case strings
        }

        var name: String
        var place = Place.query
        var form = Form.string
        var isRequired = false
        var summary: String
    }

    /// What is sent or answered.
    struct Content: Sendable {
        var mediaTypes: [String]
        /// The name of a schema among the components.
        var schema: String?
        var summary: String
    }

    var method: HTTPRequest.Method
    /// With the names of its parameters in braces.
    var path: String
    /// The name of the operation, for generated clients.
    var name: String
    var summary: String
    var details = ""
    var access = Access.administrator
    var parameters: [Parameter] = []
    /// Query parameters that are not among `parameters` have a meaning: the names of attributes.
    var takesOtherParameters = false
    var body: Content?
    var status = 200
    /// A second status with the same content.
    var otherStatus: Int?
    var answer: Content
    var problems: [ProblemCode] = []
}

extension Endpoint {
    /// Every endpoint, in the order of the documentation.
    static let all: [Endpoint] =
        [.postToSource, .postEvents, .listEvents, .event]
        + [.searchResources, .resource, .timeline]
        + [.listForwarders, .forwarder, .pauseForwarder, .resumeForwarder, .redeliver, .discard]
        + [.listDeadLetters, .deadLetter, .listQuarantine, .retryQuarantine]
        + [.reload, .forgetForwarder]
        + [.createReplay, .countReplay, .listReplays, .replay, .pauseReplay, .resumeReplay, .cancelReplay]
        + [.listReplayFailures]
        + [.startSync, .listSyncs, .sync, .stopSync]
        + [.status, .components, .metrics, .health, .readiness, .openAPI]

    /// The methods that are served at a path; `nil` where the path is not served at all.
    static func methods(at path: String) -> [HTTPRequest.Method]? {
        let words = path.split(separator: "/")
        let methods = all.filter { endpoint in
            let own = endpoint.path.split(separator: "/")
            return own.count == words.count && zip(own, words).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.map(\.method)
        if methods.isEmpty { return nil }
        return methods.contains(.get) ? methods + [.head] : methods
    }
}

extension Endpoint.Content {
    static func json(_ schema: String?, _ summary: String) -> Endpoint.Content {
        Endpoint.Content(mediaTypes: ["application/json"], schema: schema, summary: summary)
    }
}
