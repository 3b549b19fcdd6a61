import HTTPTypes
import MartletClient

extension Endpoint {
    private static let nameParameter = Parameter(
        name: "name",
        place: .path,
        isRequired: true,
        summary: "The forwarder's name in the configuration."
    )
    private static let afterParameter = Parameter(
        name: "after",
        form: .decimal,
        summary: "The id after which to read."
    )
    private static let readProblems: [ProblemCode] = [.invalidParameter, .unauthorized, .internal]
    private static let decisionProblems: [ProblemCode] =
        readProblems + [.unknownForwarder, .overloaded, .storeFull, .stopping]
    private static let selectionProblems: [ProblemCode] =
        decisionProblems + [.notJSON, .timeout, .bodyTooLarge, .unsupportedMediaType]

    static let listForwarders = Endpoint(
        method: .get,
        path: "/v1/forwarders",
        name: "listForwarders",
        summary: "The forwarders and their numbers, from one snapshot.",
        answer: .json("ForwarderList", "The forwarders."),
        problems: readProblems
    )

    static let forwarder = Endpoint(
        method: .get,
        path: "/v1/forwarders/{name}",
        name: "getForwarder",
        summary: "One forwarder.",
        parameters: [nameParameter],
        answer: .json("Forwarder", "The forwarder."),
        problems: readProblems + [.unknownForwarder]
    )

    static let pauseForwarder = Endpoint(
        method: .post,
        path: "/v1/forwarders/{name}/pause",
        name: "pauseForwarder",
        summary: "Has a forwarder hand nothing out until it is resumed.",
        parameters: [nameParameter],
        answer: .json("Forwarder", "The forwarder; the decision is on disk."),
        problems: decisionProblems
    )

    static let resumeForwarder = Endpoint(
        method: .post,
        path: "/v1/forwarders/{name}/resume",
        name: "resumeForwarder",
        summary: "Has a forwarder go on at once.",
        parameters: [nameParameter],
        answer: .json("Forwarder", "The forwarder; the decision is on disk."),
        problems: decisionProblems
    )

    static let redeliver = Endpoint(
        method: .post,
        path: "/v1/forwarders/{name}/redeliver",
        name: "redeliver",
        summary: "Brings dead letters back: pending again, marked as a replay, outside the order.",
        parameters: [nameParameter],
        body: .json("Selection", "Which ones."),
        answer: .json("Redelivered", "How many."),
        problems: selectionProblems + [.unknownDeadLetter]
    )

    static let discard = Endpoint(
        method: .post,
        path: "/v1/forwarders/{name}/discard",
        name: "discard",
        summary: "Gives dead letters up: skipped.",
        parameters: [nameParameter],
        body: .json("Selection", "Which ones."),
        answer: .json("Discarded", "How many."),
        problems: selectionProblems + [.unknownDeadLetter]
    )

    static let listDeadLetters = Endpoint(
        method: .get,
        path: "/v1/dead-letters",
        name: "listDeadLetters",
        summary: "The events that forwarders gave up on.",
        parameters: [
            Parameter(name: "forwarder", summary: "Only those of this forwarder."), afterParameter, limitParameter,
        ],
        answer: .json("DeadLetterList", "The dead letters."),
        problems: readProblems + [.unknownForwarder]
    )

    static let deadLetter = Endpoint(
        method: .get,
        path: "/v1/dead-letters/{id}",
        name: "getDeadLetter",
        summary: "One dead letter.",
        parameters: [Parameter(name: "id", place: .path, form: .decimal, isRequired: true, summary: "Its id.")],
        answer: .json("DeadLetter", "The dead letter."),
        problems: readProblems + [.unknownDeadLetter]
    )

    static let listQuarantine = Endpoint(
        method: .get,
        path: "/v1/quarantine",
        name: "listQuarantine",
        summary: "What no format could read.",
        parameters: [
            Parameter(name: "source", summary: "Only what came through this source."), afterParameter, limitParameter,
        ],
        answer: .json("QuarantineList", "The items."),
        problems: readProblems
    )

    static let retryQuarantine = Endpoint(
        method: .post,
        path: "/v1/quarantine/retry",
        name: "retryQuarantine",
        summary: "Reads items of the quarantine again; those that can be read are committed and leave it.",
        body: .json("QuarantineSelection", "Which ones."),
        answer: .json("QuarantineRetry", "What became of them."),
        problems: selectionProblems.filter { $0 != .unknownForwarder } + [.unknownSource]
    )
}
