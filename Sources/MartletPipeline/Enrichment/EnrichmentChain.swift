import Martlet

/// An enricher as the configuration has it.
package struct EnrichmentMember: Sendable {
    package var name: String
    package var enricher: any Enricher
    package var policy: EnricherPolicy
    /// Whom it answers just now.
    let use: EnricherUse

    package init(name: String, enricher: any Enricher, policy: EnricherPolicy) {
        self.name = name
        self.enricher = enricher
        self.policy = policy
        use = EnricherUse(enricher)
    }
}

/// The enrichers of one cloud in their order, and what they have to do.
struct EnrichmentChain: Sendable {
    var members: [EnrichmentMember]
    var queue = EnrichmentQueue()
    var breakers: [CircuitBreaker]
    var statuses: [EnricherStatus]
    var inFlight = 0

    init(_ members: [EnrichmentMember]) {
        self.members = members
        breakers = Array(repeating: CircuitBreaker(), count: members.count)
        statuses = members.map { EnricherStatus(name: $0.name, cloud: $0.enricher.cloud) }
    }

    var concurrency: Int { members.map(\.policy.concurrency).max() ?? 0 }
    var lifetime: Duration { members.map(\.policy.lifetime).min() ?? .zero }

    func knows(_ type: String) -> Bool { members.contains { $0.enricher.knows(type) } }

    /// When the first of those that can ask for this type may be asked again, where none may be now; `nil` where that is not
    /// known, as while one that has been silent is being tried.
    func pause(for type: String, now: Timestamp) -> Timestamp? {
        var first: Timestamp?
        for (member, breaker) in zip(members, breakers) where member.enricher.knows(type) {
            guard let until = breaker.openUntil else { return nil }
            first = min(first ?? until, until)
        }
        return first.flatMap { $0 > now ? $0 : nil }
    }
}
