import Synchronization
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(1)))
struct TurnstileTests {
    /// What those who pass see of each other.
    private final class Hall: Sendable {
        let inside = Atomic(0)
        let meetings = Atomic(0)
        let passed = Atomic(0)

        func enter(alone isAlone: Bool) {
            let others = inside.add(1, ordering: .sequentiallyConsistent).oldValue
            if isAlone, others > 0 { meetings.add(1, ordering: .sequentiallyConsistent) }
        }

        func leave(alone isAlone: Bool) {
            let others = inside.subtract(1, ordering: .sequentiallyConsistent).newValue
            if isAlone, others > 0 { meetings.add(1, ordering: .sequentiallyConsistent) }
            passed.add(1, ordering: .sequentiallyConsistent)
        }
    }

    @Test func `those who may be together are inside at once`() async {
        let turnstile = Turnstile()
        let hall = Hall()
        await withDiscardingTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    await turnstile.pass(alone: false) {
                        hall.enter(alone: false)
                        // Waits for the other one inside: never, if that had to wait outside.
                        while hall.inside.load(ordering: .sequentiallyConsistent) < 2 { await Task.yield() }
                    }
                }
            }
        }
    }

    @Test func `one who is alone meets nobody, and everybody has a turn`() async {
        let turnstile = Turnstile()
        let hall = Hall()
        await withDiscardingTaskGroup { group in
            for number in 0..<500 {
                group.addTask {
                    let isAlone = number % 7 == 0
                    await turnstile.pass(alone: isAlone) {
                        hall.enter(alone: isAlone)
                        for _ in 0..<3 { await Task.yield() }
                        hall.leave(alone: isAlone)
                    }
                }
            }
        }
        #expect(hall.meetings.load(ordering: .sequentiallyConsistent) == 0)
        #expect(hall.passed.load(ordering: .sequentiallyConsistent) == 500)
    }
}
