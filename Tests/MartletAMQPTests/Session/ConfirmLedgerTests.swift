import Testing

@testable import MartletAMQP

@Suite struct ConfirmLedgerTests {
    private func ledger(_ entries: ClosedRange<Int>) -> ConfirmLedger<Int> {
        var ledger = ConfirmLedger<Int>()
        for entry in entries { ledger.add(entry) }
        return ledger
    }

    @Test func `a confirmation concludes one, or all up to one`() {
        var ledger = ledger(1...6)
        expect(&ledger, 2, false, [2])
        expect(&ledger, 4, true, [1, 3, 4])
        expect(&ledger, 4, true, [])
        expect(&ledger, 2, false, [])
        #expect(ledger.count == 2)
        expect(&ledger, 0, true, [5, 6])
        #expect(ledger.count == 0)
    }

    @Test func `numbers that were never given conclude nothing`() {
        var ledger = ledger(1...2)
        expect(&ledger, 3, true, [])
        expect(&ledger, .max, true, [])
        #expect(ledger.count == 2)
    }

    @Test func `the numbers go on when everything before is confirmed`() {
        var ledger = ledger(1...3)
        expect(&ledger, 3, true, [1, 2, 3])
        ledger.add(4)
        ledger.add(5)
        #expect(ledger.first { _ in true } == 4)
        expect(&ledger, 5, false, [5])
        expect(&ledger, 4, false, [4])
    }

    @Test func `many that are open behind one another are found in order`() {
        var ledger = ledger(1...20_000)
        var concluded: [Int] = []
        for number in stride(from: UInt64(100), through: 20_000, by: 100) {
            concluded += ledger.conclude(number, includingEarlier: true)
        }
        #expect(concluded == Array(1...20_000))
        #expect(ledger.count == 0)
    }

    private func expect(
        _ ledger: inout ConfirmLedger<Int>,
        _ number: UInt64,
        _ includingEarlier: Bool,
        _ expected: [Int],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let concluded = ledger.conclude(number, includingEarlier: includingEarlier)
        #expect(concluded == expected, sourceLocation: sourceLocation)
    }
}
