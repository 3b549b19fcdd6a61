/// What a forwarder says when retention comes to events that it has not concluded.
package enum RetentionStance: String, Sendable, CaseIterable {
    /// Retention waits: nothing is removed that the forwarder needs, however long that takes.
    case wait
    /// The forwarder gives up what is to go, and counts and reports it as skipped.
    case skip
}
