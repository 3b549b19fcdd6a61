/// The ids that a listing has come across, in 16 bytes each where they are UUIDs: a cloud may have a million resources.
struct ListedIDs {
    private struct UUIDBits: Hashable {
        var high: UInt64
        var low: UInt64
    }

    /// As CloudStack and most of OpenStack's services write them, with hyphens; and as Keystone does, without.
    private var hyphenated: Set<UUIDBits> = []
    private var plain: Set<UUIDBits> = []
    private var others: Set<String> = []

    /// Takes note of an id.
    ///
    /// - Returns: whether it is there for the first time.
    mutating func insert(_ id: String) -> Bool {
        switch Form(id) {
        case .hyphenated(let bits): hyphenated.insert(bits).inserted
        case .plain(let bits): plain.insert(bits).inserted
        case .other: others.insert(id).inserted
        }
    }

    func contains(_ id: String) -> Bool {
        switch Form(id) {
        case .hyphenated(let bits): hyphenated.contains(bits)
        case .plain(let bits): plain.contains(bits)
        case .other: others.contains(id)
        }
    }

    private enum Form {
        case hyphenated(UUIDBits)
        case plain(UUIDBits)
        /// None that can be had back from the bits: another length, another alphabet, capital letters.
        case other

        init(_ id: String) {
            let hyphens: Set<Int> = id.utf8.count == 36 ? [8, 13, 18, 23] : []
            guard id.utf8.count == 32 + hyphens.count else {
                self = .other
                return
            }
            var (high, low): (UInt64, UInt64) = (0, 0)
            for (index, byte) in id.utf8.enumerated() {
                if hyphens.contains(index) {
                    guard byte == UInt8(ascii: "-") else {
                        self = .other
                        return
                    }
                    continue
                }
                guard let digit = Form.digit(byte) else {
                    self = .other
                    return
                }
                (high, low) = (high << 4 | low >> 60, low << 4 | digit)
            }
            let bits = UUIDBits(high: high, low: low)
            self = hyphens.isEmpty ? .plain(bits) : .hyphenated(bits)
        }

        private static func digit(_ byte: UInt8) -> UInt64? {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
            default: nil
            }
        }
    }
}
