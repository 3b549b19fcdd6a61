import HTTPTypes
import MartletClient

extension Endpoint {
    static let status = Endpoint(
        method: .get,
        path: "/v1/status",
        name: "getStatus",
        summary: "How Martlet is doing.",
        answer: .json("Status", "The state of the store, the sources and the forwarders."),
        problems: [.invalidParameter, .unauthorized, .internal]
    )

    static let components = Endpoint(
        method: .get,
        path: "/v1/components",
        name: "listComponents",
        summary: "The kinds of sources, sinks and enrichers, and how each is configured.",
        answer: .json("ComponentList", "The components."),
        problems: [.invalidParameter, .unauthorized]
    )

    static let metrics = Endpoint(
        method: .get,
        path: "/metrics",
        name: "getMetrics",
        summary: "Metrics in Prometheus's text format 0.0.4.",
        access: .metrics,
        answer: Content(mediaTypes: ["text/plain"], schema: nil, summary: "The metrics."),
        problems: [.invalidParameter, .unauthorized, .internal]
    )

    static let health = Endpoint(
        method: .get,
        path: "/healthz",
        name: "getHealth",
        summary: "Whether the process serves.",
        access: .everybody,
        answer: .json("Health", "It does."),
        problems: [.invalidParameter]
    )

    static let readiness = Endpoint(
        method: .get,
        path: "/readyz",
        name: "getReadiness",
        summary: "Whether the store is open and commits succeed.",
        access: .everybody,
        answer: .json("Health", "They do."),
        problems: [.invalidParameter, .storeFull, .notReady]
    )

    static let openAPI = Endpoint(
        method: .get,
        path: "/v1/openapi.json",
        name: "getOpenAPI",
        summary: "This document.",
        access: .everybody,
        answer: Content(mediaTypes: ["application/json"], schema: nil, summary: "An OpenAPI 3.1 document."),
        problems: [.invalidParameter]
    )
}
