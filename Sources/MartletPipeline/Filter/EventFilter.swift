package import Martlet

/// Which events somebody wants: any of several matches, within the named clouds.
///
/// The same filter serves forwarders and queries. What a sync has found is wanted by those only who say so: a forwarder's
/// receiver has mostly been told before, and must not be billed twice.
package struct EventFilter: Sendable, Hashable {
    /// A topic pattern, and attributes that must be equal.
    package struct Match: Sendable, Hashable {
        package var pattern: TopicPattern
        /// Attribute names with the text each must have.
        package var attributes: [String: String]

        package init(pattern: TopicPattern, attributes: [String: String] = [:]) {
            self.pattern = pattern
            self.attributes = attributes
        }

        package func accepts(_ event: Event) -> Bool {
            pattern.matches(event.topic) && attributes.allSatisfy { event.attribute($0.key) == $0.value }
        }
    }

    /// One of them must accept an event; none means that every event is accepted.
    package var matches: [Match]
    /// The clouds an event may come from; empty for all.
    package var clouds: Set<String>
    /// Whether what a sync has found is accepted like any other event.
    package var takesSync: Bool

    package init(matches: [Match] = [], clouds: Set<String> = [], takesSync: Bool = true) {
        self.matches = matches
        self.clouds = clouds
        self.takesSync = takesSync
    }

    package func accepts(_ event: Event) -> Bool {
        guard clouds.isEmpty || clouds.contains(event.cloud), takesSync || !event.isSync else { return false }
        return matches.isEmpty || matches.contains { $0.accepts(event) }
    }
}
