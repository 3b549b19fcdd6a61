import HTTPTypes
import MartletClient
import MartletPipeline

extension Endpoint {
    private static let topicParameters = [
        Parameter(
            name: "X-Martlet-Topic",
            place: .header,
            summary: "The routing key of the one event that the body holds."
        ),
        Parameter(name: "topic", summary: "The same as `X-Martlet-Topic`, for those who cannot set headers."),
    ]

    private static let receptionProblems: [ProblemCode] = [
        .notJSON, .invalidParameter, .unauthorized, .unknownSource, .timeout, .bodyTooLarge, .unsupportedMediaType,
        .overloaded, .storeFull, .stopping, .internal,
    ]

    static let postToSource = Endpoint(
        method: .post,
        path: "/v1/sources/{name}",
        name: "postToSource",
        summary: "Hands events over, in the format of a source.",
        details: """
            The body is one event, an array of events, or lines of JSON. It is answered after the commit: what is \
            acknowledged is on disk. Where the body can be read, items that are no events are quarantined and named by \
            their index, and cost nobody else. A source with a secret takes only what is signed with it; all others \
            take the administrator's token. A request with `X-CS-Event-ID`, a CloudStack webhook, is answered with 200.
            """,
        access: .source,
        parameters: [
            Parameter(name: "name", place: .path, isRequired: true, summary: "The source's name in the configuration."),
            Parameter(
                name: "X-CS-Signature",
                place: .header,
                summary: "Base64 of HMAC-SHA256 of the body with the source's secret."
            ),
            Parameter(
                name: "X-CS-Event-ID",
                place: .header,
                summary: "The id of the event, as CloudStack's webhooks send it."
            ),
        ] + topicParameters,
        takesOtherParameters: true,
        body: Content(
            mediaTypes: ["application/json", "application/x-ndjson", "application/cloudevents+json"],
            schema: nil,
            summary: "One event, an array of events, or one event on each line."
        ),
        status: 202,
        otherStatus: 200,
        answer: .json("Reception", "What became of the events."),
        problems: receptionProblems + [.invalidEvent]
    )

    static let postEvents = Endpoint(
        method: .post,
        path: "/v1/events",
        name: "postEvents",
        summary: "Hands CloudEvents over.",
        details: """
            Binary mode (`ce-…` headers), structured mode, batches, and one structured event on each line. They go \
            through the source named `events`. An event in binary mode with a wrong attribute is refused.
            """,
        parameters: topicParameters,
        takesOtherParameters: true,
        body: Content(
            mediaTypes: ["application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson"],
            schema: nil,
            summary: "CloudEvents 1.0."
        ),
        status: 202,
        answer: .json("Reception", "What became of the events."),
        problems: receptionProblems + [.invalidEvent]
    )

    static let bodyParameter = Parameter(
        name: "body",
        form: .choice(BodyForm.allCases.map(\.rawValue), default: BodyForm.event.rawValue),
        summary: "What is shown of an event: the original bytes, the CloudEvent, or the CloudEvent with its resource."
    )
    static let limitParameter = Parameter(
        name: "limit",
        form: .integer(1...1_000, default: 100),
        summary: "How many at the most."
    )

    static let listEvents = Endpoint(
        method: .get,
        path: "/v1/events",
        name: "listEvents",
        summary: "Reads the log, oldest first.",
        details: """
            The name of any attribute, in small letters, is a parameter too: it must be equal, and given several \
            times, equal to one of them. A request looks at 20,000 events at the most; a page may be short, with \
            `next` set. `next` is null when the head of the log has been reached; whoever follows the log goes on with \
            `after` = `scanned`. The log ends at `head`, and begins at `first`, because what is old is removed; an `after` that lies before \
            what has been removed is answered with 410, so that nobody misses events without knowing. A reader may not \
            ask for an attribute that is hidden from it, nor for the original bytes: 403.
            """,
        access: .reader,
        parameters: [
            Parameter(
                name: "match",
                form: .strings,
                summary: "A topic pattern, `*` for one word and `#` for any number."
            ),
            Parameter(name: "after", form: .decimal, summary: "The position after which to read."),
            limitParameter,
            Parameter(
                name: "since",
                summary: "The earliest time of the commit: RFC 3339, or back from now: `90s`, `30m`, `1h`, `2d`."
            ),
            Parameter(name: "until", summary: "The latest time of the commit, likewise."),
            bodyParameter,
            Parameter(
                name: "wait",
                form: .integer(0...30, default: 0),
                summary: "Seconds to wait for an event where there is none yet."
            ),
        ],
        takesOtherParameters: true,
        answer: .json("EventPage", "The events."),
        problems: [.invalidParameter, .unauthorized, .forbidden, .positionsRemoved, .internal]
    )

    static let event = Endpoint(
        method: .get,
        path: "/v1/events/{position}",
        name: "getEvent",
        summary: "One event.",
        access: .reader,
        parameters: [
            Parameter(
                name: "position",
                place: .path,
                form: .decimal,
                isRequired: true,
                summary: "Its position in the log."
            ),
            bodyParameter,
        ],
        answer: Content(mediaTypes: ["application/json"], schema: "CloudEvent", summary: "The event."),
        problems: [.invalidParameter, .unauthorized, .forbidden, .notFound, .internal]
    )
}
