import MartletJSON
import MartletTesting

/// Changes seeds in small ways, the same in every run of one seed number.
struct Mutator {
    private var random: SeededGenerator
    private let seeds: [[UInt8]]
    private static let maximumLength = 4_096
    /// What tends to matter: brackets, quotes, ends of numbers, broken UTF-8, long escapes.
    private static let tokens: [[UInt8]] =
        [
            "{", "}", "[", "]", "\"", "\\", ":", ",", "\n", "\r\n", "null", "true", "1e999", "-0", "\\u0000", "\\ud800",
            "9223372036854775808", "-9223372036854775808", "99999999999999999999", "#", "*", ".", "%00", "%", "${",
            "\0",
            "\u{FEFF}", "\u{202E}", "password", "\u{1B}[2J", "https://", "@", "=", "&", "9999-12-31T23:59:60Z",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x80, 0x80, 0x80, 0x80, 0x80, 0x01]]

    init(seeds: [[UInt8]], number: UInt64) {
        self.seeds = seeds
        random = SeededGenerator(seed: number)
    }

    /// The next input.
    mutating func next() -> [UInt8] {
        var bytes = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &random) { change(&bytes) }
        return Array(bytes.prefix(Self.maximumLength))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...16, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: Self.tokens.randomElement(using: &random) ?? [], at: place)
        case 2: bytes.replaceSubrange(place..<end, with: Self.tokens.randomElement(using: &random) ?? [])
        case 3: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 4: if place < bytes.count { bytes[place] = .random(in: .min ... .max, using: &random) }
        case 5:
            let copies = Array(repeating: Array(bytes[place..<end]), count: Int.random(in: 1...40, using: &random))
            bytes.insert(contentsOf: copies.joined(), at: place)
        default:
            // A part of another seed.
            let other = seeds.randomElement(using: &random) ?? []
            let start = Int.random(in: 0...other.count, using: &random)
            bytes.insert(contentsOf: other[start..<min(other.count, start + 64)], at: place)
        }
    }
}
