import Testing

@testable import MartletStore

/// How the numbers of a forwarder are set right, where they do not add up any more.
@Suite struct ForwarderNumbersTests {
    /// Ten events passed: six delivered, one filtered, one dead, one skipped, one waiting.
    private func makeNumbers(_ change: (inout ForwarderNumbers) -> Void) -> ForwarderNumbers {
        var numbers = ForwarderNumbers(
            start: 5,
            cursor: 15,
            delivered: 6,
            filtered: 1,
            dead: 1,
            skipped: 1,
            parked: 1,
            letters: 1
        )
        change(&numbers)
        return numbers
    }

    /// As a repair does it.
    private func mend(_ numbers: ForwarderNumbers, isParkedDamaged: Bool = false) -> ForwarderNumbers {
        var mended = numbers
        mended.findPlace(head: 20, isParkedDamaged: isParkedDamaged)
        mended.balance()
        return mended
    }

    @Test func `numbers that add up stay as they are`() {
        let numbers = makeNumbers { _ in }
        #expect(numbers.flaw(head: 20) == nil)
        #expect(mend(numbers) == numbers)
    }

    @Test func `fewer counted than passed: it goes on where the count ends, and repeats`() {
        let mended = mend(makeNumbers { $0.delivered = 4 })
        #expect(mended.cursor == 13)
        #expect(mended.skipped == 1)
        #expect(mended.flaw(head: 20) == nil)
    }

    @Test func `where rows of what waited are lost, those are what is missing: skipped, and the place stays`() {
        let mended = mend(makeNumbers { $0.parked = 0 }, isParkedDamaged: true)
        #expect(mended.cursor == 15)
        #expect(mended.skipped == 2)
        #expect(mended.flaw(head: 20) == nil)
    }

    @Test func `a dead letter that is lost is skipped`() {
        let mended = mend(makeNumbers { $0.letters = 0 })
        #expect(mended.dead == 0)
        #expect(mended.skipped == 2)
        #expect(mended.cursor == 15)
        #expect(mended.flaw(head: 20) == nil)
    }

    @Test func `more counted than passed: what tells least is taken back first`() {
        let mended = mend(makeNumbers { $0.delivered = 9 })
        #expect(mended.cursor == 15)
        #expect(mended.filtered == 0)
        #expect(mended.delivered == 7)
        #expect(mended.flaw(head: 20) == nil)
    }

    @Test(arguments: [Int64.min, -1, 4, 21, Int64.max])
    func `a place out of bounds is found by what has been counted`(_ cursor: Int64) {
        let mended = mend(makeNumbers { $0.cursor = cursor })
        #expect(mended.cursor == 15)
        #expect(mended.flaw(head: 20) == nil)
    }
}
