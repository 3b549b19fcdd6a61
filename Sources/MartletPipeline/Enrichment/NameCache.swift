import Martlet

/// Remembers the names of resources for a minute: a value, without a clock. That a resource has no name is remembered as well.
struct NameCache: Sendable {
    static let lifetime = Duration.seconds(60)
    private static let capacity = 20_000

    private struct Entry: Sendable {
        var name: String?
        var until: Timestamp
    }

    /// Those of now, and those of before them, which are forgotten together: bounded without a list.
    private var entries: [ResourceSubject: Entry] = [:]
    private var older: [ResourceSubject: Entry] = [:]

    /// The name, or that there is none; `nil` where it is not known any more.
    func name(of subject: ResourceSubject, now: Timestamp) -> String?? {
        guard let entry = entries[subject] ?? older[subject], entry.until > now else { return nil }
        return .some(entry.name)
    }

    mutating func remember(_ name: String?, of subject: ResourceSubject, now: Timestamp) {
        entries[subject] = Entry(name: name, until: now + NameCache.lifetime)
        guard entries.count > NameCache.capacity else { return }
        (older, entries) = (entries, [:])
    }

    mutating func forget(_ subject: ResourceSubject) {
        entries[subject] = nil
        older[subject] = nil
    }
}
