package import Martlet

/// Which events somebody wants: any of several matches, within the named clouds.
///
/// The same filter serves forwarders and queries.
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

    package init(matches: [Match] = [], clouds: Set<String> = []) {
        self.matches = matches
        self.clouds = clouds
    }

    package func accepts(_ event: Event) -> Bool {
        guard clouds.isEmpty || clouds.contains(event.cloud) else { return false }
        return matches.isEmpty || matches.contains { $0.accepts(event) }
    }
}
