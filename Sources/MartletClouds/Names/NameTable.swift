/// Finds the number of a name by the name's bytes, so that a known name costs no new string.
///
/// `-` and `.` count as the same: CloudStack writes the full stops of an event type as hyphens in routing keys. A class, so
/// that a look-up in a shared table copies no arrays.
final class NameTable: Sendable {
    /// The names one after the other, hyphens as full stops; name `n` ends before `ends[n]`.
    private let bytes: [UInt8]
    private let ends: [Int]
    /// Open addressing over a power of two, at most a quarter full; 0 is free, else the name's number plus one.
    private let slots: [UInt16]

    /// A table of at most 65,534 distinct names; a repeated name keeps its first number.
    init(_ names: some Collection<String>) {
        var capacity = 16
        while capacity < names.count * 4 { capacity *= 2 }
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var slots = [UInt16](repeating: 0, count: capacity)
        var known: Set<[UInt8]> = []
        for name in names {
            let folded = name.utf8.map(NameTable.fold)
            bytes += folded
            ends.append(bytes.count)
            guard known.insert(folded).inserted else { continue }
            var slot = NameTable.hash(folded) & (capacity - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = UInt16(ends.count)
        }
        self.bytes = bytes
        self.ends = ends
        self.slots = slots
    }

    /// The number of a name, counted from 0 in the order of the names; `nil` for an unknown one.
    func number(of name: some Collection<UInt8>) -> Int? {
        let inPlace = name.withContiguousStorageIfAvailable { find($0) }
        return inPlace ?? Array(name).withUnsafeBufferPointer { find($0) }
    }

    private func find(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
        var slot = NameTable.hash(name) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if isEqual(name, number) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isEqual(_ name: UnsafeBufferPointer<UInt8>, _ number: Int) -> Bool {
        let start = number == 0 ? 0 : ends[number - 1]
        guard ends[number] - start == name.count else { return false }
        for (offset, byte) in name.enumerated() where bytes[start + offset] != NameTable.fold(byte) { return false }
        return true
    }

    private static func fold(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "-") ? UInt8(ascii: ".") : byte }

    /// FNV-1a.
    private static func hash(_ name: some Sequence<UInt8>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in name { hash = (hash ^ UInt32(fold(byte))) &* 16_777_619 }
        return Int(hash ^ hash >> 16)
    }
}
