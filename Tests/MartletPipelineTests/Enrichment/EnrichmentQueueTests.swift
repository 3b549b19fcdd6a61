import Martlet
import Testing

@testable import MartletPipeline

@Suite struct EnrichmentQueueTests {
    private static let start = Timestamp(nanoseconds: 0)

    private static func subject(_ id: String) -> ResourceSubject {
        ResourceSubject(cloud: "prod", resource: ResourceReference(type: "VirtualMachine", id: id))
    }

    private func ask(
        _ queue: inout EnrichmentQueue,
        _ id: String,
        at position: Int64,
        isChange: Bool = true,
        after duration: Duration = .zero
    ) -> Bool {
        queue.ask(
            for: Self.subject(id),
            at: Position(rawValue: position),
            isChange: isChange,
            now: Self.start + duration
        )
    }

    private func next(_ queue: inout EnrichmentQueue, _ now: Timestamp) throws -> EnrichmentQueue.Question {
        let question = queue.next(now: now)
        return try #require(question)
    }

    private func expectNothing(_ queue: inout EnrichmentQueue, _ now: Timestamp) {
        let question = queue.next(now: now)
        #expect(question == nil)
    }

    @Test func `a resource is asked for once, however many events speak of it`() throws {
        var queue = EnrichmentQueue()
        let news = [ask(&queue, "a", at: 1), ask(&queue, "a", at: 2), ask(&queue, "b", at: 3)]
        #expect(news == [true, false, true])
        let first = try next(&queue, Self.start)
        #expect(first.subject == Self.subject("a"))
        #expect(first.position == Position(rawValue: 2))
        _ = queue.next(now: Self.start)
        expectNothing(&queue, Self.start)
    }

    @Test func `a question that nobody can be asked is not waited for, until it is asked`() throws {
        var queue = EnrichmentQueue()
        _ = ask(&queue, "a", at: 1)
        let question = try next(&queue, Self.start)
        #expect(queue.isPending(Self.subject("a"), at: Position(rawValue: 1)))
        queue.postpone(question, until: Self.start + .seconds(5))
        #expect(!queue.isPending(Self.subject("a"), at: Position(rawValue: 1)))
        #expect(queue.isOwed(Self.subject("a")))
        let again = try next(&queue, Self.start + .seconds(5))
        #expect(again.attempts == 0)
        #expect(queue.isPending(Self.subject("a"), at: Position(rawValue: 1)))
    }

    @Test func `a change while it is asked for is asked for again, what is none is not`() throws {
        for isChange in [false, true] {
            var queue = EnrichmentQueue()
            _ = ask(&queue, "a", at: 1)
            let question = try next(&queue, Self.start)
            _ = ask(&queue, "a", at: 2, isChange: isChange)
            let again = queue.answer(
                question,
                asked: Position(rawValue: 1),
                freshFor: .seconds(60),
                now: Self.start
            )
            #expect(again == isChange)
            let last = queue.next(now: Self.start)
            #expect(last?.position == (isChange ? Position(rawValue: 2) : nil))
        }
    }

    @Test func `an answer is good for a while, unless something changes`() throws {
        var queue = EnrichmentQueue()
        _ = ask(&queue, "a", at: 1, isChange: false)
        let question = try next(&queue, Self.start)
        queue.answer(question, asked: Position(rawValue: 1), freshFor: .seconds(60), now: Self.start)
        var other = queue
        let news = [
            ask(&queue, "a", at: 2, isChange: false, after: .seconds(59)),
            ask(&queue, "a", at: 1, isChange: true, after: .seconds(1)),
            ask(&queue, "a", at: 2, isChange: true, after: .seconds(1)),
            ask(&other, "a", at: 2, isChange: false, after: .seconds(60)),
        ]
        #expect(news == [false, false, true, true])
    }

    @Test func `a question that fails is asked five times, and is owed from then on until it is answered`() throws {
        var queue = EnrichmentQueue()
        _ = ask(&queue, "a", at: 1)
        var now = Self.start
        for attempt in 0..<EnrichmentQueue.attempts {
            let question = try next(&queue, now)
            #expect(question.attempts == attempt)
            now = now + .seconds(1)
            queue.fail(question, again: now)
            #expect(queue.isPending(Self.subject("a"), at: Position(rawValue: 1)) == false)
        }
        expectNothing(&queue, now)
        #expect(queue.dropped == 1)
        #expect(queue.isOwed(Self.subject("a")))
        _ = ask(&queue, "a", at: 2)
        let question = try next(&queue, now)
        queue.answer(question, asked: Position(rawValue: 2), freshFor: .seconds(60), now: now)
        #expect(!queue.isOwed(Self.subject("a")))
    }

    @Test func `nothing is asked before it is due, and others go first`() throws {
        var queue = EnrichmentQueue()
        _ = ask(&queue, "a", at: 1)
        queue.fail(try next(&queue, Self.start), again: Self.start + .seconds(10))
        _ = ask(&queue, "b", at: 2)
        let second = try next(&queue, Self.start)
        #expect(second.subject == Self.subject("b"))
        expectNothing(&queue, Self.start)
        #expect(queue.wakeTime == Self.start + .seconds(10))
        let third = try next(&queue, Self.start + .seconds(10))
        #expect(third.subject == Self.subject("a"))
    }

    @Test func `what waits is bounded, and what is not asked is counted and owed`() {
        var queue = EnrichmentQueue(capacity: 2)
        let news = (1...3).map { ask(&queue, "\($0)", at: Int64($0)) }
        #expect(news == [true, true, false])
        #expect(queue.dropped == 1)
        #expect(queue.isOwed(Self.subject("3")))
    }
}
