/// A kind of problem that the API tells its callers: the one catalogue behind server, client and documentation.
///
/// New kinds may be added; a client that meets a code it does not know goes by the status.
package struct ProblemCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// Stable, for programs: `unknown-source`.
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    /// The `type` of a problem document (RFC 9457).
    package var type: String { ProblemCode.typePrefix + rawValue }
    static let typePrefix = "urn:martlet:problem:"

    /// What the catalogue says of it; `nil` for a code that this version does not know.
    package var entry: Entry? { ProblemCode.catalogue[self] }

    /// The HTTP status; 500 for a code that this version does not know.
    package var status: Int { entry?.status ?? 500 }
    /// A few words for people; the code itself where this version does not know it.
    package var title: String { entry?.title ?? rawValue }
    /// After how many seconds it is worth trying again; `nil` where trying again helps nothing.
    package var retryAfter: Int? { entry?.retryAfter }
}

extension ProblemCode {
    package static let unauthorized = ProblemCode(rawValue: "unauthorized")
    package static let forbidden = ProblemCode(rawValue: "forbidden")
    package static let notFound = ProblemCode(rawValue: "not-found")
    package static let unknownSource = ProblemCode(rawValue: "unknown-source")
    package static let unknownForwarder = ProblemCode(rawValue: "unknown-forwarder")
    package static let unknownResource = ProblemCode(rawValue: "unknown-resource")
    package static let unknownDeadLetter = ProblemCode(rawValue: "unknown-dead-letter")
    package static let unknownReplay = ProblemCode(rawValue: "unknown-replay")
    package static let unknownSync = ProblemCode(rawValue: "unknown-sync")
    package static let positionsRemoved = ProblemCode(rawValue: "positions-removed")
    package static let methodNotAllowed = ProblemCode(rawValue: "method-not-allowed")
    package static let ambiguousResource = ProblemCode(rawValue: "ambiguous-resource")
    package static let forwarderInUse = ProblemCode(rawValue: "forwarder-in-use")
    package static let invalidConfiguration = ProblemCode(rawValue: "invalid-configuration")
    package static let replayConflict = ProblemCode(rawValue: "replay-conflict")
    package static let syncConflict = ProblemCode(rawValue: "sync-conflict")
    package static let bodyTooLarge = ProblemCode(rawValue: "body-too-large")
    package static let notJSON = ProblemCode(rawValue: "not-json")
    package static let invalidEvent = ProblemCode(rawValue: "invalid-event")
    package static let invalidParameter = ProblemCode(rawValue: "invalid-parameter")
    package static let timeout = ProblemCode(rawValue: "timeout")
    package static let unsupportedMediaType = ProblemCode(rawValue: "unsupported-media-type")
    package static let overloaded = ProblemCode(rawValue: "overloaded")
    package static let storeFull = ProblemCode(rawValue: "store-full")
    package static let stopping = ProblemCode(rawValue: "stopping")
    package static let damagedEvent = ProblemCode(rawValue: "damaged-event")
    package static let notReady = ProblemCode(rawValue: "not-ready")
    package static let `internal` = ProblemCode(rawValue: "internal")
}

// MARK: - The catalogue

extension ProblemCode {
    /// What is the same for every problem of a kind.
    package struct Entry: Sendable, Hashable {
        package let code: ProblemCode
        package let status: Int
        package let title: String
        package let retryAfter: Int?

        init(_ code: ProblemCode, _ status: Int, _ title: String, retryAfter: Int? = nil) {
            self.code = code
            self.status = status
            self.title = title
            self.retryAfter = retryAfter
        }
    }

    /// Every problem, in the order of the documentation.
    package static let all: [Entry] = [
        Entry(.notJSON, 400, "The body cannot be read as JSON"),
        Entry(.invalidEvent, 400, "The body is no event"),
        Entry(.invalidParameter, 400, "A parameter is wrong"),
        Entry(.unauthorized, 401, "Authentication is needed"),
        Entry(.forbidden, 403, "This is not allowed"),
        Entry(.notFound, 404, "There is nothing here"),
        Entry(.unknownSource, 404, "There is no source of this name"),
        Entry(.unknownForwarder, 404, "There is no forwarder of this name"),
        Entry(.unknownResource, 404, "The resource is not known"),
        Entry(.unknownDeadLetter, 404, "There is no dead letter of this id"),
        Entry(.unknownReplay, 404, "There is no replay of this id"),
        Entry(.unknownSync, 404, "There is no sync of this id"),
        Entry(.methodNotAllowed, 405, "The method is not allowed here"),
        Entry(.timeout, 408, "The request took too long to arrive"),
        Entry(.ambiguousResource, 409, "Several clouds have such a resource"),
        Entry(.forwarderInUse, 409, "The forwarder is in the configuration"),
        Entry(.replayConflict, 409, "The state of the replays does not allow it"),
        Entry(.syncConflict, 409, "The configuration or another sync does not allow it"),
        Entry(.positionsRemoved, 410, "What lies there has been removed"),
        Entry(.bodyTooLarge, 413, "The body is too large"),
        Entry(.unsupportedMediaType, 415, "The body has an encoding that is not read here"),
        Entry(.invalidConfiguration, 422, "The configuration cannot be used"),
        Entry(.internal, 500, "Something is wrong inside of Martlet"),
        Entry(.damagedEvent, 500, "The event is damaged and is not served"),
        Entry(.overloaded, 503, "More comes in than can be committed", retryAfter: 1),
        Entry(.storeFull, 503, "The disk is full", retryAfter: 5),
        Entry(.stopping, 503, "Martlet is stopping", retryAfter: 5),
        Entry(.notReady, 503, "Martlet cannot take events in", retryAfter: 5),
    ]

    private static let catalogue = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })
}
