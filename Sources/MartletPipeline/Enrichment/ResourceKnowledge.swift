package import Martlet
package import MartletClouds

/// What an enricher has found out of a resource: it shapes the index in a commit, and is no event.
package struct ResourceKnowledge: Sendable {
    package var subject: ResourceSubject
    package var facts: ResourceFacts
    /// The head of the log when the question was asked: what later events say is newer.
    package var asked: Position

    package init(subject: ResourceSubject, facts: ResourceFacts, asked: Position) {
        self.subject = subject
        self.facts = facts
        self.asked = asked
    }
}
