import Martlet
import MartletClouds

extension IntakeItem {
    /// Whether it came by another way than its publisher's others.
    package var isOutOfOrder: Bool {
        guard case .event(_, let facts) = self else { return false }
        return facts?.isOutOfOrder ?? false
    }

    /// The same as one that came by another way than its publisher's others: its time says whether it is the older one. One
    /// without a resource shapes none, and stays as it is.
    package var outOfOrder: IntakeItem {
        guard case .event(let event, let facts) = self, event.resource != nil else { return self }
        var known = facts ?? ResourceFacts(attributesOf: event)
        known.isOutOfOrder = true
        return .event(event, known)
    }
}

extension ResourceFacts {
    /// What an event tells by its attributes alone: a CloudEvent from anywhere.
    init(attributesOf event: Event) {
        self.init()
        let fields = event.fields
        if fields.outcome != .failure, fields.phase == nil || fields.phase == .completed { state = fields.newState }
        ownerID = fields.tenantID
        isOwnerConfirmed = fields.tenantID != nil
        domainID = fields.domainID
    }
}
