import Glibc
import Martlet
@testable import MartletPipeline
import MartletTesting
import Testing

@Suite struct WaitingLanesTests {
    private func wait(_ seconds: Int64, _ position: Int64) -> DeliveryWindow.Wait {
        DeliveryWindow.Wait(due: Timestamp(seconds: seconds), position: Position(rawValue: position))
    }

    @Test(arguments: 1...5)
    func `the first one is the first of all, whatever has come, gone and changed`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var waiting = WaitingLanes()
        var known: [DeliveryWindow.Lane: DeliveryWindow.Wait] = [:]
        for _ in 0..<5_000 {
            let lane = DeliveryWindow.Lane.event(Position(rawValue: .random(in: 1...50, using: &random)))
            let isToGo = Int.random(in: 0..<3, using: &random) == 0
            let wait = isToGo ? nil : wait(.random(in: 1...9, using: &random), .random(in: 1...9_999, using: &random))
            waiting[lane] = wait
            known[lane] = wait
            #expect(waiting.first?.wait == known.values.min())
            #expect(waiting.first.flatMap { known[$0.lane] } == waiting.first?.wait)
        }
        #expect(waiting.waits == known)
    }

    /// What four times as many cost, by the time of this thread: four times as much and a little, where each costs the same.
    @Test func `the cost of a redelivery does not grow with how many there are`() throws {
        func cost(of count: Int64) throws -> Double {
            let harness = WindowHarness()
            let letters = (1...count).map { (id: $0, position: Position(rawValue: $0)) }
            harness.offer([Int64?](repeating: nil, count: Int(count)))
            harness.window.redeliver(letters, now: harness.now)
            let start = threadTime()
            for _ in letters {
                harness.complete(try #require(harness.next()), .delivered)
            }
            return threadTime() - start
        }
        _ = try cost(of: 500)
        let (few, many) = (try cost(of: 2_000), try cost(of: 8_000))
        #expect(many < 9 * few, "Where each looks at all the others it is sixteen times as much.")
    }

    /// Seconds that this thread has worked.
    private func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
