import Martlet
import MartletPipeline
import Testing

@testable import MartletAMQP

@Suite struct DeliveryLedgerTests {
    private let start = Timestamp(seconds: 1_000)

    private func ledger(stored: String = "") -> DeliveryLedger {
        var ledger = DeliveryLedger(stored: PositionRanges(stored))
        ledger.beginSession()
        return ledger
    }

    /// A batch of so many events, without ids where they have hashes.
    private func batch(upTo tag: UInt64, count: Int = 1, hashes: [UInt64] = [], bytes: Int = 10) -> DeliveryBatch {
        var batch = DeliveryBatch()
        let draft = QuarantineDraft(bytes: [], reason: "stands for an event")
        batch.items = Array(repeating: .unreadable(draft), count: count)
        (batch.hashes, batch.count, batch.byteCount, batch.tag) = (hashes, count, bytes, tag)
        return batch
    }

    private func receipt(accepted: Int, last: Int64) -> CommitReceipt {
        var receipt = CommitReceipt()
        receipt.accepted = accepted
        receipt.lastPosition = Position(rawValue: last)
        return receipt
    }

    @Test func `one batch is under way at a time, and what comes meanwhile makes the next`() {
        var ledger = ledger()
        let nothing = ledger.next(at: start)
        #expect(nothing == nil)
        ledger.add(batch(upTo: 1))
        let first = ledger.next(at: start)
        #expect(first?.items.count == 1)
        for tag in 2...4 { ledger.add(batch(upTo: UInt64(tag))) }
        let early = ledger.next(at: start)
        #expect(early == nil)
        let conclusion = ledger.committed(receipt(accepted: 1, last: 1))
        #expect(conclusion.acknowledge == 1)
        let second = ledger.next(at: start)
        #expect(second?.items.count == 3)
        let last = ledger.committed(receipt(accepted: 3, last: 4))
        #expect(last.acknowledge == 4)
        #expect(ledger.isIdle)
    }

    @Test func `a commit is bounded in events and bytes, but takes one batch whatever it weighs`() {
        var ledger = ledger()
        ledger.add(batch(upTo: 1_200, count: 1_200))
        ledger.add(batch(upTo: 2_400, count: 1_200))
        let first = ledger.next(at: start)
        #expect(first?.items.count == 1_200)
        _ = ledger.committed(receipt(accepted: 1_200, last: 1_200))
        ledger.add(batch(upTo: 2_401, bytes: 100 << 20))
        let second = ledger.next(at: start)
        #expect(second?.items.count == 1_200)
        _ = ledger.committed(receipt(accepted: 1_200, last: 2_400))
        let third = ledger.next(at: start)
        #expect(third?.items.count == 1)
    }

    @Test func `what fails is handed over again before anything later, and is acknowledged once it is on disk`() {
        var ledger = ledger()
        ledger.add(batch(upTo: 1))
        _ = ledger.next(at: start)
        ledger.add(batch(upTo: 2))
        ledger.failed()
        let other = ledger.next(at: start + .seconds(9))
        #expect(other == nil)
        #expect(ledger.waitingSince == start)
        let again = ledger.again()
        #expect(again?.items.count == 1)
        let twice = ledger.again()
        #expect(twice == nil)
        let conclusion = ledger.committed(receipt(accepted: 1, last: 1))
        #expect(conclusion.acknowledge == 1)
    }

    @Test func `the checkpoint names what is committed and unsettled, until it is settled`() {
        var ledger = ledger()
        ledger.add(batch(upTo: 2, count: 2, hashes: [1, 2]))
        let first = ledger.next(at: start)
        #expect(first?.checkpoints == [Checkpoint(key: "unsettled", value: "", includesPositions: true)])
        _ = ledger.committed(receipt(accepted: 2, last: 12))
        #expect(!ledger.owesCheckpoint)
        ledger.add(batch(upTo: 3, hashes: [3]))
        let second = ledger.next(at: start)
        #expect(second?.checkpoints == [Checkpoint(key: "unsettled", value: "11-12 ", includesPositions: true)])
        _ = ledger.committed(receipt(accepted: 1, last: 20))
        #expect(ledger.copies.positions.text == "11-12 20-20 ")
        ledger.copies.settle(upTo: 3)
        #expect(ledger.owesCheckpoint)
        let alone = ledger.checkpointAlone(at: start)
        #expect(alone?.items.isEmpty == true)
        #expect(alone?.checkpoints == [Checkpoint(key: "unsettled", value: "")])
        let conclusion = ledger.committed(CommitReceipt())
        #expect(conclusion == DeliveryLedger.Conclusion())
        #expect(!ledger.owesCheckpoint)
    }

    @Test func `events with ids need no checkpoint`() {
        var ledger = ledger()
        ledger.add(batch(upTo: 1))
        let submission = ledger.next(at: start)
        #expect(submission?.checkpoints.isEmpty == true)
    }

    @Test func `what an ended session leaves comes again, and its last commit is not acknowledged in the next`() {
        var ledger = ledger()
        ledger.add(batch(upTo: 1, hashes: [1]))
        _ = ledger.next(at: start)
        ledger.add(batch(upTo: 2, hashes: [2]))
        ledger.endSession()
        #expect(ledger.isAwaitingAnswer)
        let conclusion = ledger.committed(receipt(accepted: 1, last: 1))
        #expect(conclusion.acknowledge == nil)
        ledger.beginSession()
        let nothing = ledger.next(at: start)
        #expect(nothing == nil)
        let repeated = ledger.copies.consume(1)
        let fresh = ledger.copies.consume(2)
        #expect(repeated)
        #expect(!fresh)
    }

    @Test(arguments: [true, false])
    func `a batch that fails around the end of its session is forgotten`(failsFirst: Bool) {
        var ledger = ledger()
        ledger.add(batch(upTo: 1))
        _ = ledger.next(at: start)
        if failsFirst { ledger.failed() }
        ledger.endSession()
        if !failsFirst { ledger.failed() }
        #expect(ledger.isIdle)
        let again = ledger.again()
        #expect(again == nil)
    }

    @Test func `a held ledger hands nothing over and acknowledges what is under way`() {
        var ledger = ledger()
        ledger.add(batch(upTo: 1))
        _ = ledger.next(at: start)
        ledger.hold()
        ledger.add(batch(upTo: 2))
        let conclusion = ledger.committed(receipt(accepted: 1, last: 1))
        #expect(conclusion.acknowledge == 1)
        let nothing = ledger.next(at: start)
        #expect(nothing == nil)
    }
}
