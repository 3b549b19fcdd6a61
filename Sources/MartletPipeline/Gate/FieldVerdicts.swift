import MartletClouds
import Synchronization

/// What becomes of fields by their paths and keys: the patterns that hold together, and what has been judged by them.
final class FieldVerdicts: Sendable {
    enum Verdict: Sendable {
        case shown, dropped, masked
    }

    private struct Known: Sendable {
        var paths: [String: Verdict] = [:]
        /// Whether keys are for administrators only.
        var keys: [String: Bool] = [:]
    }

    private let audience: Audience
    private let drop: [FieldPattern]
    private let mask: [FieldPattern]
    private let adminOnly: [FieldGlob]
    /// The same few hundred paths come again in every event. Bounded, because producers choose the keys.
    private let known = Mutex(Known())
    private static let capacity = 10_000
    /// In bytes; a field whose path is longer is not shown.
    private static let longestPath = 1_024

    init(audience: Audience, drop: [FieldPattern], mask: [FieldPattern], adminOnly: [FieldGlob]) {
        self.audience = audience
        self.drop = drop
        self.mask = mask
        self.adminOnly = adminOnly
    }

    /// What becomes of the field at a path whose last key is `key`.
    func verdict(path: String, key: String) -> Verdict {
        // Nobody names a field like this, and comparing and remembering such paths is what a producer could exhaust us with.
        if path.utf8.count > FieldVerdicts.longestPath { return .dropped }
        // By the key alone, and not by the path: a key may hold full stops and look like a path.
        let (isForAdministrators, verdict) = known.withLock { known in
            (audience == .user ? known.keys[key] : false, known.paths[path])
        }
        if isForAdministrators ?? judge(key: key) { return .dropped }
        return verdict ?? judge(path: path)
    }

    private func judge(key: String) -> Bool {
        let isForAdministrators = AdministratorFields.contains(key) || adminOnly.contains { $0.matches(key) }
        known.withLock { known in
            if known.keys.count >= FieldVerdicts.capacity { known.keys.removeAll(keepingCapacity: true) }
            known.keys[key] = isForAdministrators
        }
        return isForAdministrators
    }

    private func judge(path: String) -> Verdict {
        let verdict: Verdict =
            if drop.contains(where: { $0.matches(path: path) }) {
                .dropped
            } else if mask.contains(where: { $0.matches(path: path) }) {
                .masked
            } else {
                .shown
            }
        known.withLock { known in
            if known.paths.count >= FieldVerdicts.capacity { known.paths.removeAll(keepingCapacity: true) }
            known.paths[path] = verdict
        }
        return verdict
    }
}
