import Martlet
import MartletTesting

/// One item that a source hands over, without what depends on the steps before.
enum Draft: Sendable, Hashable, CustomStringConvertible {
    struct New: Sendable, Hashable, CustomStringConvertible {
        var resource: Int?
        var kind: Int
        var publisher: Int
        /// Its own time, in seconds from now; `nil` for an event without one.
        var age: Int?
        var state: Int?
        var change: Change
        /// Whether the origin gave it an id.
        var hasID: Bool

        var description: String {
            let words = [
                resource.map { "r\($0)" }, "k\(kind)", "p\(publisher)", age.map { "age \($0)" }, state.map { "s\($0)" },
                change == .none ? nil : "\(change)", hasID ? nil : "no id",
            ]
            return words.compactMap(\.self).joined(separator: " ")
        }
    }

    enum Change: String, Sendable, Hashable, CustomStringConvertible {
        case none, creation, deletion

        var description: String { rawValue }
    }

    case new(New)
    /// Handed over before, the very same, this number counted over all of them.
    case again(Int)
    /// The id of an earlier one, with other content.
    case sameID(Int, New)
    case unreadable

    var description: String {
        switch self {
        case .new(let new): "new(\(new))"
        case .again(let number): "again(\(number))"
        case .sameID(let number, let new): "sameID(\(number), \(new))"
        case .unreadable: "unreadable"
        }
    }
}

/// One step of a run. A forwarder is given by its number; where it does not run, the step does nothing.
enum ModelStep: Sendable, Hashable {
    /// Batches that are handed over at once.
    case append([[Draft]])
    case advance(seconds: Double)
    /// The clock is set, forward or back.
    case jump(seconds: Double)
    case weather(Int, Weather)
    case disk(isFull: Bool)
    case pause(Int)
    case resume(Int)
    /// Every so many-th of the dead letters.
    case redeliver(Int, every: Int)
    case discard(Int, every: Int)
    case save
    /// Retention removes all but so many of the last events, as far as it may.
    case retain(last: Int)
    /// Stops, and starts again with these forwarders.
    case restart(forwarders: Set<Int>)
    /// Is killed so many jobs after batches have been handed over, and starts again.
    case crash([[Draft]], afterJobs: Int, forwarders: Set<Int>)
}

/// Makes runs from seeds.
struct ModelSteps {
    static let forwarders = 4
    static let kinds = 3

    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func make(_ count: Int) -> [ModelStep] { (0..<count).map { _ in step() } }

    private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func chance(_ percent: Int) -> Bool { number(0..<100) < percent }

    private mutating func step() -> ModelStep {
        switch number(0..<100) {
        case 0..<40: return .append(batches())
        case 40..<58: return .advance(seconds: seconds())
        case 58..<72: return .weather(forwarder(), weather())
        case 72..<75: return .disk(isFull: chance(50))
        case 75..<77: return .jump(seconds: (chance(50) ? 1 : -1) * seconds())
        case 77..<79: return .pause(forwarder())
        case 79..<84: return .resume(forwarder())
        case 84..<88: return .redeliver(forwarder(), every: number(1..<4))
        case 88..<90: return .discard(forwarder(), every: number(1..<4))
        case 90..<91: return .save
        case 91..<93: return .retain(last: number(0..<40))
        case 93..<96: return .restart(forwarders: running())
        default: return .crash(batches(), afterJobs: number(0..<60), forwarders: running())
        }
    }

    private mutating func forwarder() -> Int { number(0..<ModelSteps.forwarders) }

    /// Mostly all of them: one that is missing is retired, and resumes when it is back.
    private mutating func running() -> Set<Int> {
        var running = Set(0..<ModelSteps.forwarders)
        if chance(30) { running.remove(forwarder()) }
        return running
    }

    private mutating func seconds() -> Double {
        switch number(0..<20) {
        case 0: Double(number(3_600..<100_000))
        case 1..<6: Double(number(30..<600))
        default: Double(number(1..<8_000)) / 1_000
        }
    }

    private mutating func weather() -> Weather {
        switch number(0..<10) {
        case 0: .gone
        case 1: .hanging
        case 2: .unavailable
        case 3..<6: .rough(percent: number(10..<100))
        default: .fine
        }
    }

    private mutating func batches() -> [[Draft]] {
        (0..<number(1..<4)).map { _ in
            let count = chance(4) ? number(20..<60) : number(1..<7)
            return (0..<count).map { _ in draft() }
        }
    }

    private mutating func draft() -> Draft {
        switch number(0..<20) {
        case 0, 1: .again(number(0..<1_000))
        case 2: .sameID(number(0..<1_000), new())
        case 3: .unreadable
        default: .new(new())
        }
    }

    private mutating func new() -> Draft.New {
        Draft.New(
            resource: chance(85) ? number(0..<6) : nil,
            kind: number(0..<ModelSteps.kinds),
            publisher: number(0..<2),
            age: chance(90) ? (chance(80) ? 0 : number(-30..<30)) : nil,
            state: chance(70) ? number(0..<4) : nil,
            change: chance(90) ? .none : (chance(50) ? .creation : .deletion),
            hasID: chance(90)
        )
    }
}
