import HTTPTypes
import MartletClient

extension Endpoint {
    private static let idParameter = Parameter(
        name: "id",
        place: .path,
        form: .decimal,
        isRequired: true,
        summary: "The replay's id."
    )
    private static let readProblems: [ProblemCode] = [.invalidParameter, .unauthorized, .unknownReplay, .internal]
    private static let decisionProblems: [ProblemCode] = readProblems + [.replayConflict, .storeFull, .stopping]
    private static let definitionProblems: [ProblemCode] = [
        .notJSON, .invalidParameter, .unauthorized, .unknownForwarder, .timeout, .bodyTooLarge, .unsupportedMediaType,
        .internal,
    ]

    static let createReplay = Endpoint(
        method: .post,
        path: "/v1/replays",
        name: "createReplay",
        summary: "Sends a range of the log again: to a forwarder's destination, or to a sink of its own.",
        details: """
            A replay is a run of its own, beside the forwarder and outside of its numbers: with its own cursor, retries \
            and failures. Its events are marked with `replay`. To a forwarder's destination they go as that forwarder \
            would send them now, protected and filtered.
            """,
        body: .json("ReplayRequest", "From where to where, to whom, and how fast."),
        status: 201,
        answer: .json("Replay", "The replay; it is on disk, and runs."),
        problems: definitionProblems + [.replayConflict, .storeFull, .stopping]
    )

    static let countReplay = Endpoint(
        method: .post,
        path: "/v1/replays/count",
        name: "countReplay",
        summary: "Counts what a replay would send, and sends nothing.",
        details: "A request looks at 20,000 events at the most; whoever wants all of them asks again with `after`.",
        body: .json("ReplayCountRequest", "A replay, and from where to go on counting."),
        answer: .json("ReplayCount", "The numbers of the events that this request has looked at."),
        problems: definitionProblems
    )

    static let listReplays = Endpoint(
        method: .get,
        path: "/v1/replays",
        name: "listReplays",
        summary: "The replays, newest first.",
        answer: .json("ReplayList", "Those that have not ended, and the last hundred that have."),
        problems: [.invalidParameter, .unauthorized, .internal]
    )

    static let replay = Endpoint(
        method: .get,
        path: "/v1/replays/{id}",
        name: "getReplay",
        summary: "One replay.",
        parameters: [idParameter],
        answer: .json("Replay", "The replay."),
        problems: readProblems
    )

    static let pauseReplay = Endpoint(
        method: .post,
        path: "/v1/replays/{id}/pause",
        name: "pauseReplay",
        summary: "Has a replay hand nothing out until it is resumed. The log does not wait for it meanwhile.",
        parameters: [idParameter],
        answer: .json("Replay", "The replay; the decision is on disk."),
        problems: decisionProblems
    )

    static let resumeReplay = Endpoint(
        method: .post,
        path: "/v1/replays/{id}/resume",
        name: "resumeReplay",
        summary: "Has a paused replay go on from where it was.",
        parameters: [idParameter],
        answer: .json("Replay", "The replay; the decision is on disk."),
        problems: decisionProblems
    )

    static let cancelReplay = Endpoint(
        method: .post,
        path: "/v1/replays/{id}/cancel",
        name: "cancelReplay",
        summary: "Ends a replay for good.",
        parameters: [idParameter],
        answer: .json("Replay", "The replay; the decision is on disk."),
        problems: decisionProblems
    )

    static let listReplayFailures = Endpoint(
        method: .get,
        path: "/v1/replays/{id}/failures",
        name: "listReplayFailures",
        summary: "The events that a replay gave up on.",
        parameters: [
            idParameter, Parameter(name: "after", form: .decimal, summary: "The id after which to read."),
            limitParameter,
        ],
        answer: .json("ReplayFailureList", "The failures."),
        problems: readProblems
    )
}
