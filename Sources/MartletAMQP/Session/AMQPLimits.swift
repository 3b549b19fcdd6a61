/// Bounds on what a session holds at once.
package struct AMQPLimits: Sendable, Hashable {
    /// Of a larger body only the first ``keptHead`` bytes are kept.
    package var maximumBody = 16 << 20
    package var keptHead = 64 << 10
    /// A portion of deliveries is handed over when it has so many messages or bytes, or when nothing more has come.
    package var portionMessages = 500
    package var portionBytes = 1 << 20
    /// Publications that are written and not yet confirmed.
    package var maximumUnconfirmed = 2_000

    package init() {}
}
