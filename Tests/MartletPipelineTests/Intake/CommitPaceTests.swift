import Martlet
import Testing

@testable import MartletPipeline

@Suite struct CommitPaceTests {
    private var pace = CommitPace(groupEvents: 2_000, groupBytes: 4 << 20)
    private var now = Timestamp(seconds: 1_000)

    /// Commits so much in so long a time.
    private mutating func commit(_ events: Int, bytes: Int, in duration: Duration, times: Int = 1) {
        for _ in 0..<times {
            pace.begin(.init(events: events, bytes: bytes), at: now)
            now = now + duration
            pace.end(at: now)
        }
    }

    private func wait(events: Int, bytes: Int) -> Double {
        pace.wait(behind: .init(events: events, bytes: bytes), at: now).inSeconds
    }

    @Test func `nobody waits behind nothing`() {
        #expect(wait(events: 0, bytes: 0) == 0)
    }

    @Test func `before anything has been measured a slow disk is supposed`() {
        let wait = wait(events: 10_000, bytes: 40 << 20)
        #expect(wait > 2 && wait < 8)
    }

    @Test mutating func `a disk of 5 MB a second is known as one after a few groups`() {
        commit(1_000, bytes: 4_500_000, in: .seconds(1), times: 3)
        commit(400, bytes: 1_800_000, in: .milliseconds(400), times: 8)
        let wait = wait(events: 2_000, bytes: 9_000_000)
        #expect(wait > 1.8 && wait < 3.2, "\(wait)")
        #expect(pace.groupBytes < 3_000_000, "whoever is in a group waits for all of it")
    }

    @Test mutating func `a disk so slow that no group is ever full is known too`() {
        commit(1, bytes: 2_000, in: .milliseconds(6), times: 3)
        commit(8, bytes: 500_000, in: .seconds(1), times: 5)
        let wait = wait(events: 16, bytes: 1_000_000)
        #expect(wait > 1.5 && wait < 4.5, "\(wait)")
        #expect(pace.groupBytes < 400_000)
    }

    @Test mutating func `small commits say nothing about a burst but how long a group takes`() {
        commit(1, bytes: 500, in: .milliseconds(5), times: 100)
        // What one group takes goes with the next commit.
        #expect(wait(events: 2_000, bytes: 1 << 20) < 0.3)
        commit(1, bytes: 500, in: .milliseconds(500), times: 20)
        let wait = wait(events: 2_000, bytes: 250_000)
        #expect(wait > 0.4 && wait < 0.6, "\(wait)")
    }

    @Test mutating func `a commit that hangs is expected to hang on`() {
        commit(10, bytes: 5_000, in: .milliseconds(5), times: 10)
        pace.begin(.init(events: 10, bytes: 5_000), at: now)
        #expect(wait(events: 0, bytes: 0) < 0.01)
        now = now + .seconds(3)
        #expect(wait(events: 0, bytes: 0) > 2.9)
    }

    @Test mutating func `one commit that hung is soon forgotten`() {
        commit(10, bytes: 5_000, in: .seconds(30))
        #expect(wait(events: 0, bytes: 0) == 0, "the disk takes again, and nothing waits")
        commit(10, bytes: 5_000, in: .milliseconds(5), times: 8)
        #expect(wait(events: 10, bytes: 5_000) < 0.15)
    }

    @Test mutating func `a disk of a twentieth of what was supposed is known after the first group`() {
        commit(5, bytes: 250_000, in: .milliseconds(500))
        let wait = wait(events: 20, bytes: 1_000_000)
        #expect(wait > 1 && wait < 3, "\(wait)")
    }

    @Test mutating func `the first group is small, and on a quick disk no other`() {
        #expect(pace.groupBytes <= 256 << 10, "nothing is known of the disk")
        commit(200, bytes: 250_000, in: .milliseconds(10), times: 1)
        #expect(pace.groupBytes == 4 << 20)
    }

    @Test mutating func `what is under way counts with its bytes`() {
        commit(8, bytes: 250_000, in: .milliseconds(500), times: 8)
        pace.begin(.init(events: 40, bytes: 1_000_000), at: now)
        let wait = wait(events: 0, bytes: 0)
        #expect(wait > 1.6 && wait < 2.4, "\(wait)")
    }

    @Test mutating func `a disk that is quick again is believed within a few groups`() {
        commit(8, bytes: 250_000, in: .milliseconds(500), times: 20)
        commit(100, bytes: 250_000, in: .milliseconds(5), times: 4)
        #expect(wait(events: 2_000, bytes: 4 << 20) < 0.6)
    }
}
