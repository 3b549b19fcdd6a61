/// Random numbers that a seed determines: SplitMix64 (Steele, Lea and Flood, 2014).
struct DemoGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// A version 4 UUID, in lower case.
    mutating func uuid() -> String {
        let high = next() & ~0xf000 | 0x4000
        let low = next() & ~(0b11 << 62) | (0b10 << 62)
        let digits = Self.hexadecimal(high) + Self.hexadecimal(low)
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return groups.joined(separator: "-")
    }

    /// `02:00:4c:00:1a:07`, of the range that nobody's hardware has.
    mutating func macAddress() -> String {
        let digits = Self.hexadecimal(next())
        return "02:00:" + stride(from: 0, to: 8, by: 2).map { digits.dropFirst($0).prefix(2) }.joined(separator: ":")
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
