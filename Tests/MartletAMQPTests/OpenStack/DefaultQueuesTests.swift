import Martlet
import Testing

@testable import MartletAMQP

@Suite struct DefaultQueuesTests {
    private let start = Timestamp(seconds: 1_000_000)

    @Test func `a queue that nobody reads is emptied`() {
        var queues = DefaultQueues()
        #expect(queues.next("q", consumers: 0, at: start) == .begin)
        queues.hasBegun("q", consumer: "mine")
        #expect(!queues.isDue("q", at: start + .seconds(9)))
        #expect(queues.isDue("q", at: start + .seconds(10)))
        // The one is its own.
        #expect(queues.next("q", consumers: 1, at: start + .seconds(10)) == .goOn)
    }

    @Test func `a queue that somebody reads is left to him, and for an hour after he has gone`() {
        var queues = DefaultQueues()
        #expect(queues.next("q", consumers: 2, at: start) == .leave(.hasListener(count: 2)))
        let hour = start + .seconds(3_599)
        #expect(queues.next("q", consumers: 0, at: hour) == .leave(.hadListener))
        queues.beginSession(at: hour, patience: .seconds(90))
        #expect(queues.next("q", consumers: 0, at: hour) == .leave(.hadListener))
        #expect(queues.next("q", consumers: 0, at: hour + .seconds(1)) == .begin)
    }

    @Test func `it gives way to a listener who comes later`() {
        var queues = DefaultQueues()
        _ = queues.next("q", consumers: 0, at: start)
        queues.hasBegun("q", consumer: "mine")
        #expect(queues.next("q", consumers: 2, at: start) == .stop)
        queues.hasEnded("q")
        #expect(queues.isDue("q", at: start))
        #expect(queues.next("q", consumers: 1, at: start) == .leave(.hasListener(count: 1)))
    }

    @Test func `its own consumer of a connection that was cut is no listener, until the broker must have noticed`() {
        var queues = DefaultQueues()
        _ = queues.next("q", consumers: 0, at: start)
        queues.hasBegun("q", consumer: "mine")
        queues.beginSession(at: start, patience: .seconds(90))
        // Two are one too many.
        var pair = queues
        #expect(pair.next("q", consumers: 2, at: start) == .leave(.hasListener(count: 2)))
        #expect(queues.next("q", consumers: 1, at: start) == .goOn)
        // A session that ends before it could begin knows it still.
        queues.beginSession(at: start + .seconds(10), patience: .seconds(90))
        #expect(queues.next("q", consumers: 1, at: start + .seconds(99)) == .goOn)
        var gone = queues
        #expect(gone.next("q", consumers: 0, at: start + .seconds(99)) == .begin)
        #expect(queues.next("q", consumers: 1, at: start + .seconds(100)) == .leave(.hasListener(count: 1)))
        #expect(queues.next("q", consumers: 0, at: start + .seconds(100)) == .leave(.hadListener))
        // One that was never its own is a listener's from the first.
        #expect(queues.next("r", consumers: 1, at: start) == .leave(.hasListener(count: 1)))
    }

    @Test func `where nobody can find out whether one may be read, the others are left for a while too`() {
        var queues = DefaultQueues()
        #expect(queues.next("q", consumers: 0, at: start) == .begin)
        queues.isUntried("q", at: start)
        #expect(!queues.isDue("q", at: start + .seconds(299)))
        #expect(queues.next("r", consumers: 0, at: start + .seconds(299)) == .goOn)
        #expect(queues.next("r", consumers: 1, at: start) == .leave(.hasListener(count: 1)))
        var later = queues
        #expect(later.next("q", consumers: 0, at: start + .seconds(300)) == .begin)
        queues.beginSession(at: start, patience: .seconds(90))
        #expect(queues.next("q", consumers: 0, at: start) == .begin)
    }

    @Test func `a queue that the user may not read is left, and others are not`() {
        var queues = DefaultQueues()
        queues.isRefused("q", at: start)
        #expect(!queues.isDue("q", at: start + .seconds(299)))
        #expect(queues.isDue("q", at: start + .seconds(300)))
        #expect(queues.next("r", consumers: 0, at: start) == .begin)
    }

    @Test func `a queue that is gone, or is ended by the broker, is begun anew`() {
        var queues = DefaultQueues()
        _ = queues.next("q", consumers: 0, at: start)
        queues.hasBegun("q", consumer: "mine")
        queues.haveEnded(["mine", "other"])
        #expect(queues.consumer(of: "q") == nil)
        queues.isMissing("q", at: start)
        #expect(!queues.isDue("q", at: start + .seconds(299)))
        // Once something is published, its publisher has made it.
        queues.isInUse("q")
        #expect(!queues.isDue("q", at: start + .seconds(4)))
        #expect(queues.isDue("q", at: start + .seconds(5)))
        #expect(queues.next("q", consumers: 0, at: start + .seconds(5)) == .begin)
    }
}
