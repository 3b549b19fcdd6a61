import Martlet

/// A hash of what the log keeps of an event without an id: topic and bytes. The same in every process, so that it can be
/// computed again from the log.
///
/// 64 bits by multiplying and folding eight bytes at a time. Two different events of one hash within a second could pass for
/// one only if the broker had marked one of them redelivered while the other one is unsettled.
struct ContentHash: Sendable {
    static func of(_ event: Event) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        var topic = event.topic.text
        topic.withUTF8 { hash = add(UnsafeRawBufferPointer($0), to: hash) }
        event.payload.original.withUnsafeBytes { hash = add($0, to: hash) }
        return hash
    }

    private static func add(_ bytes: UnsafeRawBufferPointer, to start: UInt64) -> UInt64 {
        // With the length in it, no byte can move from one part to the next.
        var hash = fold(start ^ UInt64(truncatingIfNeeded: bytes.count), 0xA076_1D64_78BD_642F)
        var offset = 0
        while offset &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            hash = fold(hash ^ word, 0xE703_7ED1_A0B4_28DB) ^ word
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset &+= 1
        }
        return fold(hash ^ rest, 0x8EBC_6AF0_9C88_C6E3)
    }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
