import Testing

@testable import MartletKafka

@Suite struct CulpritSearchTests {
    /// Sends records to a broker of which only the rule is given; tells who was rejected, and how many were sent in all.
    private func send(_ count: Int, refused: (Range<Int>) -> Bool) -> (rejected: [Int], sent: Int) {
        var search = CulpritSearch(count)
        var (next, sent, rejected) = (0, 0, [Int]())
        while next < count {
            let records = next..<min(next + search.count, count)
            sent += records.count
            if !refused(records) {
                next = records.upperBound
                search.takeSuccess()
            } else if search.takeRefusal(of: records.count) {
                rejected.append(next)
                next += 1
            }
        }
        return (rejected, sent)
    }

    @Test(arguments: [0, 1, 999, 1_998, 1_999]) func `one culprit is found, and costs a few times its batch`(
        _ culprit: Int
    ) {
        let result = send(2_000) { $0.contains(culprit) }
        #expect(result.rejected == [culprit])
        #expect(result.sent <= 4 * 2_000)
    }

    @Test(arguments: [1, 7, 100]) func `a topic that takes but a few at a time costs a few times the batch`(
        _ limit: Int
    ) {
        let result = send(2_000) { $0.count > limit }
        #expect(result.rejected.isEmpty)
        #expect(result.sent <= 5 * 2_000)
    }

    @Test func `each of several culprits is found by itself`() {
        let culprits: Set = [3, 4, 700, 1_500]
        let result = send(2_000) { !culprits.isDisjoint(with: $0) }
        #expect(result.rejected == culprits.sorted())
    }

    @Test func `nothing but culprits ends as well`() {
        let result = send(2_000) { _ in true }
        #expect(result.rejected == Array(0..<2_000))
        #expect(result.sent <= 3 * 2_000)
    }
}
