package import Martlet
package import MartletClouds

/// What an enricher has found out of a resource: it shapes the index in a commit, and is no event.
package struct ResourceKnowledge: Sendable {
    package var subject: ResourceSubject
    package var facts: ResourceFacts
    /// The head of the log when the question was asked: what later events say is newer.
    package var asked: Position
    /// An event said that the resource had changed, which is why it was asked for.
    package var isChange: Bool

    package init(subject: ResourceSubject, facts: ResourceFacts, asked: Position, isChange: Bool = false) {
        self.subject = subject
        self.facts = facts
        self.asked = asked
        self.isChange = isChange
    }
}
