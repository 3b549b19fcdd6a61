/// How an enricher may be used.
package struct EnricherPolicy: Sendable, Hashable {
    /// How long one question may take, `100ms` to `5m`.
    package var timeout = Duration.seconds(5)
    /// Questions asked at a time, at the most.
    package var concurrency = 4
    /// How long an answer is good for where no event says that the resource has changed.
    package var lifetime = Duration.seconds(600)

    package init() {}

    /// As an enricher's settings say, by ``fields``.
    package init(_ settings: ComponentSettings) throws(ComponentError) {
        timeout = settings.duration("timeout") ?? timeout
        guard timeout >= .milliseconds(100), timeout <= .seconds(300) else {
            throw ComponentError(field: "timeout", "has to be from 100ms to 5m")
        }
        concurrency = settings.integer("concurrency") ?? concurrency
        lifetime = settings.duration("cache") ?? lifetime
    }

    /// What every enricher that asks somebody has among its fields.
    package static let fields = [
        FieldDescription("timeout", .duration, default: "5s", "How long one question may take, `100ms` to `5m`."),
        FieldDescription("concurrency", .integer(1...64), default: "4", "How many questions are asked at a time."),
        FieldDescription(
            "cache",
            .duration,
            default: "10m",
            "How long an answer is good for; an event that says that the resource has changed ends it."
        ),
    ]
}
