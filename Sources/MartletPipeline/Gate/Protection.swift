import MartletClouds
import Synchronization

/// What may not be seen by those to whom something leaves.
package final class Protection: Sendable, Hashable {
    package let audience: Audience
    /// Fields that are taken out.
    package let drop: [FieldPattern]
    /// Fields whose values are replaced by `"***"`.
    package let mask: [FieldPattern]

    /// For an administrator, and nothing hidden.
    package static let none = Protection(audience: .admin, drop: [], mask: [])

    package init(audience: Audience, drop: [FieldPattern], mask: [FieldPattern]) {
        self.audience = audience
        self.drop = drop
        self.mask = mask
    }

    /// Whether everything may be seen.
    package var isEmpty: Bool { audience == .admin && drop.isEmpty && mask.isEmpty }

    enum Verdict: Sendable {
        case shown, dropped, masked
    }

    /// Verdicts by path: the same few hundred paths come again in every event. Bounded, because producers choose the keys.
    private let verdicts = Mutex<[String: Verdict]>([:])
    private static let capacity = 10_000
    /// In bytes; a field whose path is longer is not shown.
    private static let longestPath = 1_024

    /// What becomes of the field at a path whose last key is `key`.
    func verdict(path: String, key: String) -> Verdict {
        // Before the cache, whose key is the path alone: a key may hold full stops and look like a path.
        if audience == .user, AdministratorFields.contains(key) { return .dropped }
        // Nobody names a field like this, and comparing and remembering such paths is what a producer could exhaust us with.
        if path.utf8.count > Protection.longestPath { return .dropped }
        if let known = verdicts.withLock({ $0[path] }) { return known }
        let verdict = judge(path: path)
        verdicts.withLock { verdicts in
            if verdicts.count >= Protection.capacity { verdicts.removeAll(keepingCapacity: true) }
            verdicts[path] = verdict
        }
        return verdict
    }

    package static func == (left: Protection, right: Protection) -> Bool {
        left.audience == right.audience && left.drop == right.drop && left.mask == right.mask
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(audience)
        hasher.combine(drop)
        hasher.combine(mask)
    }

    private func judge(path: String) -> Verdict {
        if drop.contains(where: { $0.matches(path: path) }) { return .dropped }
        return mask.contains { $0.matches(path: path) } ? .masked : .shown
    }
}
