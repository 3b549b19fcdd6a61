/// Which publications the broker has not confirmed yet, in the order of their numbers; pure.
///
/// The broker numbers what is published on a channel from 1 and confirms one number, or all up to one.
struct ConfirmLedger<Entry> {
    /// The number of the first of `entries`.
    private var first: UInt64 = 1
    private var entries: [Entry?] = []
    /// Those before it are concluded, and not removed yet.
    private var head = 0
    /// How many are not confirmed.
    private(set) var count = 0

    mutating func add(_ entry: Entry) {
        entries.append(entry)
        count += 1
    }

    /// The entries that a confirmation concludes; none of a number that is unknown or concluded.
    mutating func conclude(_ number: UInt64, includingEarlier: Bool) -> [Entry] {
        // The number 0 stands for everything so far.
        let end = number == 0 ? entries.count : Int(clamping: Int128(number) - Int128(first) + 1)
        guard end > head, end <= entries.count else { return [] }
        var concluded: [Entry] = []
        for index in (includingEarlier || number == 0 ? head : end - 1)..<end {
            guard let entry = entries[index] else { continue }
            concluded.append(entry)
            entries[index] = nil
            count -= 1
        }
        while head < entries.count, entries[head] == nil { head += 1 }
        if head == entries.count || head >= 4_096 {
            first += UInt64(head)
            entries.removeFirst(head)
            head = 0
        }
        return concluded
    }

    /// The earliest entry that is not confirmed and for which this holds.
    func first(where isWanted: (Entry) -> Bool) -> Entry? {
        for index in head..<entries.count {
            if let entry = entries[index], isWanted(entry) { return entry }
        }
        return nil
    }
}
