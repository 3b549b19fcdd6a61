import Foundation
import MartletTesting
import Testing

/// The targets of libFuzzer (`make fuzz`), run over their corpus and over seeded changes to it.
///
/// `MARTLET_FUZZ_ITERATIONS` says how many changes each target is given, `MARTLET_FUZZ_SEED` which ones, and
/// `MARTLET_FUZZ_TARGET` that it is one target alone.
@Suite struct FuzzTests {
    private static let targets = FuzzTargets.all + WebTargets.all
    private static let names = targets.map(\.name).filter { name in
        ProcessInfo.processInfo.environment["MARTLET_FUZZ_TARGET"].map { $0 == name } ?? true
    }

    @Test(arguments: names)
    func `every seed keeps what its target promises`(name: String) throws {
        let target = try #require(Self.targets.first { $0.name == name })
        let files = try Corpus.files(of: target)
        #expect(!files.isEmpty, "corpus/\(name) has no seeds")
        for file in files {
            do {
                try target.check(Array(try Data(contentsOf: file))[...])
            } catch {
                Issue.record("\(name): \(file.lastPathComponent): \(error)")
            }
        }
    }

    @Test(arguments: names)
    func `changed seeds keep it too`(name: String) throws {
        let target = try #require(Self.targets.first { $0.name == name })
        let number: UInt64 = Self.setting("MARTLET_FUZZ_SEED") ?? 1
        var mutator = Mutator(seeds: try Corpus.seeds(of: target), number: number)
        let rounds: Int = Self.setting("MARTLET_FUZZ_ITERATIONS") ?? 400
        for round in 0..<rounds / target.weight {
            let input = mutator.next()
            do {
                try target.check(input[...])
            } catch {
                let text = Data(input).base64EncodedString()
                Issue.record("\(name), seed \(number), round \(round): \(error); the input in base64: \(text)")
                return
            }
        }
    }

    /// Eight times the bytes may take eight times as long, and twice that for noise and for caches.
    @Test(arguments: names)
    func `the time grows with the bytes and no faster`(name: String) throws {
        let target = try #require(Self.targets.first { $0.name == name })
        for seed in try Corpus.seeds(of: target) where !seed.isEmpty {
            let short = try Self.time(of: target, Self.stretched(seed, to: 8 << 10))
            let long = try Self.time(of: target, Self.stretched(seed, to: 64 << 10))
            let bound = short * 20 + .milliseconds(20)
            #expect(long < bound, "\(name): 8 KiB take \(short), and 64 KiB \(long): \(seed.prefix(40))")
        }
    }

    /// Repeats the middle, so that what stands around it, brackets for one, stays.
    private static func stretched(_ seed: [UInt8], to count: Int) -> [UInt8] {
        let head = seed.prefix(seed.count / 3)
        let tail = seed.suffix(seed.count / 3)
        let middle = Array(seed[head.count..<seed.count - tail.count])
        let copies = max(1, (count - head.count - tail.count) / max(1, middle.count))
        return Array(head) + Array(repeating: middle, count: copies).joined() + Array(tail)
    }

    /// The best of three, because the first one fills caches.
    private static func time(of target: FuzzTarget, _ input: [UInt8]) throws -> Duration {
        var best = Duration.seconds(3_600)
        for _ in 0..<3 { best = min(best, try ThreadTime.measure { try target.check(input[...]) }) }
        return best
    }

    private static func setting<Number: FixedWidthInteger>(_ name: String) -> Number? {
        ProcessInfo.processInfo.environment[name].flatMap { Number($0) }
    }
}
