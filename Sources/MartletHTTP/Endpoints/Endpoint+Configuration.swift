import HTTPTypes
import MartletClient

extension Endpoint {
    static let reload = Endpoint(
        method: .post,
        path: "/v1/config/reload",
        name: "reloadConfiguration",
        summary: "Reads the configuration anew and puts into force what has changed.",
        details: """
            What has not changed is not disturbed. A configuration that cannot be used changes nothing, and the answer says \
            everything that is wrong with it.
            """,
        answer: .json("Reload", "What was changed."),
        problems: [.invalidParameter, .unauthorized, .invalidConfiguration, .internal, .storeFull, .stopping]
    )

    static let forgetForwarder = Endpoint(
        method: .delete,
        path: "/v1/forwarders/{name}",
        name: "forgetForwarder",
        summary:
            "Erases what the store has of a forwarder that the configuration names no more, dead letters included.",
        parameters: [
            Parameter(name: "name", place: .path, isRequired: true, summary: "The retired forwarder's name.")
        ],
        answer: .json("Forgotten", "It is forgotten."),
        problems: [
            .invalidParameter, .unauthorized, .unknownForwarder, .forwarderInUse, .internal, .storeFull, .stopping,
        ]
    )
}
