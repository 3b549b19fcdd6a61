import MartletJSON

/// What tells a record from another one at the same offset of a topic that was made anew: its time and a hash of its bytes.
struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
    var timestamp: Int64
    var hash: UInt64

    init(of record: KafkaRecord) {
        timestamp = record.timestamp
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        // FNV-1a, 64 bits; a byte between, so that key and value cannot change places.
        for byte in record.key ?? [] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        for byte in record.value ?? [] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        self.hash = hash
    }

    /// Reads what ``description`` has written.
    init?(_ text: some StringProtocol) {
        let words = text.split(separator: "@", omittingEmptySubsequences: false)
        guard words.count == 2, let hash = UInt64(words[0], radix: 16), let timestamp = Int64(words[1]) else {
            return nil
        }
        (self.hash, self.timestamp) = (hash, timestamp)
    }

    /// `cbf29ce484222325@1732183200000`.
    var description: String { "\(String(hash, radix: 16))@\(timestamp)" }
}
