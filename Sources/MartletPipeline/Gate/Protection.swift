import Martlet
import Synchronization

/// What may not be seen by those to whom something leaves.
package final class Protection: Sendable, Hashable {
    package let audience: Audience
    /// Fields that are taken out.
    package let drop: [FieldPattern]
    /// Fields whose values are replaced by `"***"`.
    package let mask: [FieldPattern]
    /// Keys of fields that are for administrators only, beside those that are known of the clouds.
    package let adminOnly: [FieldGlob]
    /// What is hidden under conditions.
    package let rules: [ProtectionRule]
    /// Which properties of OpenStack's images may be read; `nil` for all.
    package let properties: PropertyProtection?
    /// The clouds whose templates are no images of OpenStack's.
    package let foreignClouds: Set<String>

    /// For an administrator, and nothing hidden.
    package static let none = Protection(audience: .admin, drop: [], mask: [])
    /// Which rules hold together is remembered in 64 bits.
    package static let maximumRules = 64

    /// - Parameter rules: ``maximumRules`` at the most.
    package init(
        audience: Audience,
        drop: [FieldPattern],
        mask: [FieldPattern],
        adminOnly: [FieldGlob] = [],
        rules: [ProtectionRule] = [],
        properties: PropertyProtection? = nil,
        foreignClouds: Set<String> = []
    ) {
        precondition(rules.count <= Protection.maximumRules)
        self.audience = audience
        self.drop = drop
        self.mask = mask
        self.adminOnly = adminOnly
        self.rules = rules
        self.properties = properties
        self.foreignClouds = foreignClouds
        isEmpty = audience == .admin && drop.isEmpty && mask.isEmpty && rules.isEmpty && properties == nil
        asksForOwner = rules.contains(where: \.asksForOwner)
        unconditional = FieldVerdicts(audience: audience, drop: drop, mask: mask, adminOnly: adminOnly)
    }

    /// Whether everything may be seen.
    package let isEmpty: Bool
    /// Whether a condition asks for the owner, whom the index knows better than an event.
    package let asksForOwner: Bool

    /// The verdicts where no rule holds.
    private let unconditional: FieldVerdicts
    /// The verdicts by the rules that hold, a bit for each: few of all combinations are met with.
    private let conditional = Mutex<[UInt64: FieldVerdicts]>([:])
    private static let capacity = 256

    /// What may not be seen of one thing.
    func view(of subject: ProtectionSubject) -> FieldView {
        var bits: UInt64 = 0
        for (index, rule) in rules.enumerated() where rule.holds(for: subject) { bits |= 1 << UInt64(index) }
        let cloud = subject.event?.cloud ?? subject.record?.cloud ?? ""
        let type = subject.event?.resource?.type ?? subject.record?.type
        // Also where the notification lacks the image's id.
        let isGlances = subject.event?.type.hasPrefix("org.openstack.image.") ?? false
        return FieldView(
            audience: audience,
            verdicts: verdicts(underRules: bits),
            properties: properties,
            isOfImage: isGlances || type == "Template" && !foreignClouds.contains(cloud)
        )
    }

    /// Whether a field may be hidden, under whatever condition: what may be is not searched for, filtered or sorted by.
    package func mayHide(_ name: String) -> Bool {
        if isEmpty { return false }
        let bits = rules.indices.reduce(into: UInt64(0)) { $0 |= 1 << UInt64($1) }
        return verdicts(underRules: bits).verdict(path: name, key: name) != .shown
    }

    private func verdicts(underRules bits: UInt64) -> FieldVerdicts {
        guard bits != 0 else { return unconditional }
        return conditional.withLock { conditional in
            if let known = conditional[bits] { return known }
            let holding = rules.indices.filter { bits & (1 << UInt64($0)) != 0 }.map { rules[$0] }
            let verdicts = FieldVerdicts(
                audience: audience,
                drop: drop + holding.flatMap(\.drop),
                mask: mask + holding.flatMap(\.mask),
                adminOnly: adminOnly
            )
            if conditional.count >= Protection.capacity { conditional.removeAll() }
            conditional[bits] = verdicts
            return verdicts
        }
    }

    package static func == (left: Protection, right: Protection) -> Bool {
        left.audience == right.audience && left.drop == right.drop && left.mask == right.mask
            && left.adminOnly == right.adminOnly && left.rules == right.rules && left.properties == right.properties
            && left.foreignClouds == right.foreignClouds
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(audience)
        hasher.combine(drop)
        hasher.combine(mask)
        hasher.combine(rules)
    }
}

extension Protection {
    /// The same, with the clouds named whose templates are no images of OpenStack's.
    package func knowing(foreignClouds: Set<String>) -> Protection {
        guard properties != nil else { return self }
        return Protection(
            audience: audience,
            drop: drop,
            mask: mask,
            adminOnly: adminOnly,
            rules: rules,
            properties: properties,
            foreignClouds: foreignClouds
        )
    }
}
