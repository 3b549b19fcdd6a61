import Testing

@testable import MartletAMQP

@Suite struct OverflowWatchTests {
    private func isTold(_ watch: inout OverflowWatch, _ sizes: [Int]) -> Bool {
        watch.sees(messages: sizes.count)
        return sizes.reduce(false) { told, size in
            let isFull = watch.receives(bytes: size)
            return told || isFull
        }
    }

    @Test func `a queue without room for one more was full`() {
        var watch = OverflowWatch(limit: 1_000)
        let isFull = isTold(&watch, [300, 300, 300])
        #expect(isFull)
    }

    @Test func `a queue with room was not`() {
        var watch = OverflowWatch(limit: 1_000)
        let isFull = isTold(&watch, [300, 300])
        #expect(!isFull)
    }

    @Test func `it is told once, until there was room again`() {
        var watch = OverflowWatch(limit: 1_000)
        let told = [[400, 400], [400, 400], [100], [400, 400]].map { isTold(&watch, $0) }
        #expect(told == [true, false, false, true])
    }

    @Test func `what comes behind those that were there is not weighed, nor anything without a limit`() {
        var watch = OverflowWatch(limit: 1_000)
        watch.sees(messages: 1)
        let told = [10, 990, 1_000].map { watch.receives(bytes: $0) }
        #expect(told == [false, false, false])
        var unlimited = OverflowWatch(limit: 0)
        let isFull = isTold(&unlimited, [1_000])
        #expect(!isFull)
    }
}

@Suite struct BackoffTests {
    @Test func `waits double up to the longest, and begin anew`() {
        var backoff = Backoff(random: { 1 })
        let waits = (1...11).map { _ in backoff.next() }
        #expect(waits.prefix(3) == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
        #expect(waits.last == .seconds(30))
        backoff.reset()
        let first = backoff.next()
        #expect(first == .milliseconds(100))
    }

    @Test func `chance takes away half at the most`() {
        var backoff = Backoff(random: { 0 })
        let first = backoff.next()
        #expect(first == .milliseconds(50))
    }
}
