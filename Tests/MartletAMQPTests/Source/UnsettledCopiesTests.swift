import Testing

@testable import MartletAMQP

@Suite struct UnsettledCopiesTests {
    @Test func `each redelivered message consumes one copy, never more`() {
        var copies = UnsettledCopies()
        copies.add(range: 1...3, hashes: [7, 7, 8], tag: 3)
        // In the session that acknowledged it, it cannot come again.
        expect(&copies, 7, false)
        copies.beginSession()
        expect(&copies, 7, true)
        expect(&copies, 7, true)
        expect(&copies, 7, false)
        expect(&copies, 8, true)
        expect(&copies, 9, false)
    }

    @Test func `what is settled is no repetition any more`() {
        var copies = UnsettledCopies()
        copies.add(range: 1...2, hashes: [1, 2], tag: 2)
        copies.add(range: 3...4, hashes: [3, 4], tag: 4)
        copies.settle(upTo: 3)
        #expect(copies.positions.text == "3-4 ")
        copies.beginSession()
        expect(&copies, 1, false)
        expect(&copies, 3, true)
    }

    @Test func `old copies stay until a fresh message has been acknowledged and settled`() {
        var copies = UnsettledCopies()
        copies.restore(range: 5...6, hashes: [5, 6])
        copies.beginSession()
        copies.saw(tag: 1, isRedelivered: true)
        copies.settle(upTo: 1)
        #expect(copies.positions.text == "5-6 ")
        copies.saw(tag: 2, isRedelivered: false)
        #expect(copies.awaitsSettlement)
        copies.settle(upTo: 1)
        expect(&copies, 5, true)
        copies.settle(upTo: 2)
        #expect(copies.positions.ranges.isEmpty)
        expect(&copies, 6, false)
    }

    @Test func `a copy that was consumed is there again when the session ends before it is settled`() {
        var copies = UnsettledCopies()
        copies.restore(range: 1...1, hashes: [1])
        for _ in 1...3 {
            copies.beginSession()
            expect(&copies, 1, true)
            expect(&copies, 1, false)
        }
        #expect(copies.positions.text == "1-1 ")
    }

    private func expect(
        _ copies: inout UnsettledCopies,
        _ hash: UInt64,
        _ expected: Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isRepetition = copies.consume(hash)
        #expect(isRepetition == expected, sourceLocation: sourceLocation)
    }
}

@Suite struct PositionRangesTests {
    @Test func `ranges that follow each other become one`() {
        var ranges = PositionRanges()
        for range in [1...3, 4...4, 6...9, 10...12] as [ClosedRange<Int64>] { ranges.add(range) }
        #expect(ranges.text == "1-4 6-12 ")
    }

    @Test(arguments: ["5-9 12-30 ", "5-9 12-30"])
    func `a checkpoint is read with or without its own positions`(_ text: String) {
        #expect(PositionRanges(text).ranges == [5...9, 12...30])
    }

    @Test(arguments: ["", "x", "3", "9-5", "-1-4", "0-4", "1-2-3", "99999999999999999999-1"])
    func `what is no range is passed over`(_ text: String) {
        #expect(PositionRanges(text).ranges.isEmpty)
    }
}
