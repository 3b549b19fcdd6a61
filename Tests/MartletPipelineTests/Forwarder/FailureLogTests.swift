import Martlet
import Testing

@testable import MartletPipeline

@Suite struct FailureLogTests {
    private static func moment(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_000 + seconds) }

    @Test func `the first failure is said at once, then one a minute with the number`() {
        var log = FailureLog()
        #expect(log.line(for: .retry, now: Self.moment(0)) == .failure(count: 1))
        for second in 1..<60 { #expect(log.line(for: .retry, now: Self.moment(Int64(second))) == nil) }
        #expect(log.line(for: .retry, now: Self.moment(60)) == .failure(count: 60))
        #expect(log.line(for: .retry, now: Self.moment(61)) == nil)
    }

    @Test func `events that fail among others that are taken do not fill the log`() {
        var log = FailureLog()
        var lines = 0
        for second in 0..<600 {
            if log.line(for: second.isMultiple(of: 2) ? .reject : nil, now: Self.moment(Int64(second))) != nil {
                lines += 1
            }
        }
        #expect(lines == 10)
    }

    @Test func `the end of an outage is said where its beginning was`() {
        var log = FailureLog()
        #expect(log.line(for: .unavailable, now: Self.moment(0)) == .failure(count: 1))
        #expect(log.line(for: .unavailable, now: Self.moment(5)) == nil)
        #expect(log.line(for: nil, now: Self.moment(6)) == .recovery(count: 2))
        #expect(log.line(for: nil, now: Self.moment(7)) == nil)
        // A destination that comes and goes is not worth a line each time.
        #expect(log.line(for: .unavailable, now: Self.moment(8)) == nil)
        #expect(log.line(for: nil, now: Self.moment(9)) == nil)
        #expect(log.line(for: .unavailable, now: Self.moment(61)) == .failure(count: 3))
    }

    @Test func `a destination that is gone is said at once`() {
        var log = FailureLog()
        #expect(log.line(for: .retry, now: Self.moment(0)) == .failure(count: 1))
        #expect(log.line(for: .gone, now: Self.moment(1)) == .failure(count: 1))
    }
}
