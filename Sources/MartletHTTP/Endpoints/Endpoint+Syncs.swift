import HTTPTypes
import MartletClient

extension Endpoint {
    private static let idParameter = Parameter(
        name: "id",
        place: .path,
        form: .decimal,
        isRequired: true,
        summary: "The sync's id."
    )
    private static let readProblems: [ProblemCode] = [.invalidParameter, .unauthorized, .unknownSync, .internal]

    static let startSync = Endpoint(
        method: .post,
        path: "/v1/syncs",
        name: "startSync",
        summary: "Reads a cloud's resources from its API into the index; what differs becomes an event.",
        details: """
            Events keep coming meanwhile, and what they say after the API was asked counts. The first sync of a type fills the \
            index and makes no events; later ones make an event of each difference, marked with `origin: sync`, for forwarders \
            with `sync: true`. One sync of a cloud runs at a time, and none survives the server.
            """,
        body: .json("SyncRequest", "Which cloud, and how."),
        status: 201,
        answer: .json("Sync", "The sync; it runs."),
        problems: [
            .notJSON, .invalidParameter, .unauthorized, .timeout, .syncConflict, .bodyTooLarge, .unsupportedMediaType,
            .internal, .stopping,
        ]
    )

    static let listSyncs = Endpoint(
        method: .get,
        path: "/v1/syncs",
        name: "listSyncs",
        summary: "The syncs of this life of the server, newest first.",
        answer: .json("SyncList", "Those that run, and the last fifty that have ended."),
        problems: [.invalidParameter, .unauthorized, .internal]
    )

    static let sync = Endpoint(
        method: .get,
        path: "/v1/syncs/{id}",
        name: "getSync",
        summary: "One sync.",
        parameters: [idParameter],
        answer: .json("Sync", "The sync."),
        problems: readProblems
    )

    static let stopSync = Endpoint(
        method: .delete,
        path: "/v1/syncs/{id}",
        name: "stopSync",
        summary: "Ends a sync. What it has told the index stays.",
        parameters: [idParameter],
        answer: .json("Sync", "The sync; nothing more comes of it."),
        problems: readProblems + [.syncConflict]
    )
}
