/// Fields that are hidden under a condition.
///
/// Rules add to what is hidden and never take from it, so that their order does not matter, and what cannot be told of a
/// condition counts as met.
package struct ProtectionRule: Sendable, Hashable {
    /// Any of them must be met; none means always.
    package let when: [EventFilter.Match]
    /// None of them may be met for certain.
    package let unless: [EventFilter.Match]
    package let drop: [FieldPattern]
    package let mask: [FieldPattern]

    package init(
        when: [EventFilter.Match] = [],
        unless: [EventFilter.Match] = [],
        drop: [FieldPattern],
        mask: [FieldPattern] = []
    ) {
        self.when = when
        self.unless = unless
        self.drop = drop
        self.mask = mask
    }

    /// Whether the rule holds for what leaves.
    func holds(for subject: ProtectionSubject) -> Bool {
        (when.isEmpty || when.contains { subject.mayMeet($0) }) && !unless.contains { subject.surelyMeets($0) }
    }

    /// Whether its conditions ask for the owner, whom the index knows better than the event.
    var asksForOwner: Bool {
        (when + unless).contains { match in match.attributes.keys.contains { ProtectionSubject.ownerNames.contains($0) }
        }
    }
}
