import Martlet
import MartletPipeline
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

/// Another configuration: which forwarders it names, and what of their plans is another than before.
struct NewConfiguration: Sendable, Hashable {
    var forwarders: Set<Int>
    var changes: [Int: ForwarderPlan.Change] = [:]
}

/// What somebody decides about a replay.
enum ReplayDecision: Sendable, Hashable {
    case pause, resume, cancel
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
    /// Hours pass, in each of which a batch comes.
    case hours([[Draft]])
    /// The store tidies up.
    case tidy
    /// A stretch of the log, in percent of it, once more to one of the destinations.
    case replay(to: Int, from: Int, through: Int, rate: Int?)
    /// About one of the replays that there were, counted over all of them.
    case decide(Int, ReplayDecision)
    case reload(NewConfiguration)
    /// Stops, and starts again.
    case restart(NewConfiguration)
    /// Is killed so many jobs after batches have been handed over, and starts again.
    case crash([[Draft]], afterJobs: Int, NewConfiguration)
}

/// Makes runs from seeds.
struct ModelSteps {
    static let forwarders = 4
    /// One for each forwarder, and one that only replays go to.
    static let destinations = forwarders + 1
    static let kinds = 3

    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func make(_ count: Int) -> [ModelStep] {
        var steps: [ModelStep] = []
        while steps.count < count { steps += chance(6) ? outage() : [step()] }
        return steps
    }

    /// A destination takes nothing for a while in which events come, and is back.
    private mutating func outage() -> [ModelStep] {
        let number = number(0..<ModelSteps.destinations)
        var steps = [ModelStep.weather(number, .unavailable), .append(batches())]
        for _ in 0..<self.number(1..<4) { steps += [.advance(seconds: seconds()), .append(batches())] }
        if chance(30) { steps.append(step()) }
        return steps + [.advance(seconds: 61), .weather(number, .fine), .append(batches()), .advance(seconds: 61)]
    }

    private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func chance(_ percent: Int) -> Bool { number(0..<100) < percent }

    private mutating func step() -> ModelStep {
        switch number(0..<113) {
        case 0..<38: return .append(batches())
        case 38..<56: return .advance(seconds: seconds())
        case 56..<70: return .weather(number(0..<ModelSteps.destinations), weather())
        case 70..<73: return .disk(isFull: chance(50))
        case 73..<75: return .jump(seconds: (chance(50) ? 1 : -1) * seconds())
        case 75..<77: return .pause(forwarder())
        case 77..<82: return .resume(forwarder())
        case 82..<85: return .redeliver(forwarder(), every: number(1..<4))
        case 85..<87: return .discard(forwarder(), every: number(1..<4))
        case 87..<88: return .save
        case 88..<92: return .retain(last: chance(50) ? 0 : number(0..<40))
        case 92..<94: return chance(70) ? .hours(hours()) : .tidy
        case 94..<98: return replay()
        case 98..<101: return .decide(number(0..<100), chance(60) ? .resume : chance(70) ? .pause : .cancel)
        case 101..<105: return .reload(configuration(changes: 100))
        case 105..<108: return .restart(configuration(changes: 30))
        default: return .crash(batches(), afterJobs: number(0..<60), configuration(changes: 30))
        }
    }

    private mutating func forwarder() -> Int { number(0..<ModelSteps.forwarders) }

    /// Mostly all of them: one that is missing is retired, and resumes when it is back.
    private mutating func configuration(changes percent: Int) -> NewConfiguration {
        var configuration = NewConfiguration(forwarders: Set(0..<ModelSteps.forwarders))
        if chance(30) { configuration.forwarders.remove(forwarder()) }
        if chance(percent) { for _ in 0..<number(1..<3) { configuration.changes[forwarder()] = change() } }
        return configuration
    }

    private mutating func change() -> ForwarderPlan.Change {
        switch number(0..<14) {
        case 12, 13: return .afterOutage(chance(50) ? .latest : .replay)
        case 0..<4: return .kinds(ForwarderPlan.kinds(random: &random))
        case 4: return .order([.resource, .none, .strict][number(0..<3)])
        case 5, 6: return .attempts(number(1..<5))
        case 7: return .longestDelay(seconds: chance(50) ? 5 : 60)
        case 8, 9: return .protection(chance(50))
        default:
            let mode: SinkDelivery.Mode = [.independent, .prefix, .atomic][number(0..<3)]
            return .delivery(SinkDelivery(mode, random: &random))
        }
    }

    private mutating func replay() -> ModelStep {
        .replay(
            to: number(0..<ModelSteps.destinations),
            from: chance(40) ? 0 : number(0..<100),
            through: chance(40) ? 100 : number(0..<101),
            rate: chance(50) ? 40 : nil
        )
    }

    /// Up to a day and some hours, as it takes to forget; mostly with what has come before.
    private mutating func hours() -> [[Draft]] {
        (0..<(chance(25) ? number(1..<20) : number(24..<27))).map { _ in
            (0..<number(1..<5)).map { _ in chance(80) ? .again(number(0..<1_000)) : draft() }
        }
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
