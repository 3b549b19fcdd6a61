/// Seeded hashes of words and of a node's children, by multiplying and folding eight bytes at a time.
struct TopicHash: Sendable {
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// The hash of a word's bytes.
    func word(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
        var offset = 0
        while offset + 8 <= bytes.count {
            hash = fold(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), 0x9E37_79B9_7F4A_7C15)
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return fold(hash ^ rest, 0xD6E8_FEB8_6659_FD93)
    }

    /// The hash of a node's child of a word, never zero.
    func child(of node: UInt32, word: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: fold(word ^ seed, UInt64(node) &* 2 &+ 0xA076_1D64_78BD_642F))
    }

    private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
