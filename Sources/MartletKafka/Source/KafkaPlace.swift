/// How far a partition has been read: what a commit stores of it (promise 4).
struct KafkaPlace: Sendable, Hashable, CustomStringConvertible {
    /// Which topic of this name it is, counted from 1: offsets of one that was made anew mean other records.
    var generation: Int
    /// The offset to read next.
    var next: Int64
    /// Of the record before `next`, where Martlet has read that.
    var fingerprint: Fingerprint?

    init(generation: Int, next: Int64, fingerprint: Fingerprint?) {
        self.generation = generation
        self.next = next
        self.fingerprint = fingerprint
    }

    /// Reads what ``description`` has written.
    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2 || words.count == 3, let generation = Int(words[0]), let next = Int64(words[1]),
            next >= 0
        else { return nil }
        (self.generation, self.next) = (generation, next)
        guard words.count == 3 else { return }
        guard let fingerprint = Fingerprint(words[2]) else { return nil }
        self.fingerprint = fingerprint
    }

    /// `1 4711 cbf29ce484222325@1732183200000`.
    var description: String { "\(generation) \(next)" + (fingerprint.map { " \($0)" } ?? "") }
}
