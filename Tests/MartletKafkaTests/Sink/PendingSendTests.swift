import Testing

@testable import MartletKafka

@Suite struct PendingSendTests {
    private static let error = KafkaError(.failed, "no", at: "here", remedy: "none")
    private let send = PendingSend((0..<4).map { ProducerRecord(key: nil, value: [UInt8($0)]) }, to: "t")

    @Test func `it ends when all have been delivered, in whatever order`() async {
        for record in [3, 1, 0] { send.settle(record, .delivered) }
        #expect(!send.hasEnded)
        send.settle(2, .delivered)
        #expect(await send.fates() == Array(repeating: .delivered, count: 4))
        #expect(!send.isIncomplete)
    }

    @Test func `it ends at the first failure, and what follows goes again even if it has arrived`() async {
        send.settle(2, .failed(Self.error))
        send.settle(3, .delivered)
        #expect(!send.hasEnded)
        send.settle(0, .delivered)
        send.settle(1, .delivered)
        #expect(await send.fates() == [.delivered, .delivered, .failed(Self.error), .untried])
    }

    @Test func `it does not wait for what follows the first failure`() async {
        send.settle(0, .failed(Self.error))
        #expect(await send.fates() == [.failed(Self.error), .untried, .untried, .untried])
        #expect(send.isIncomplete)
        for record in 1...3 { send.settle(record, .delivered) }
        #expect(!send.isIncomplete)
        #expect(await send.fates().first == .failed(Self.error))
    }

    @Test func `ended from without, the first that is not known to have arrived has failed`() async {
        send.settle(0, .delivered)
        send.settle(2, .delivered)
        send.end(Self.error)
        send.end(.closed(at: "later"))
        #expect(await send.fates() == [.delivered, .failed(Self.error), .untried, .untried])
    }

    @Test func `a waiter is answered at the end`() async {
        async let fates = send.fates()
        send.settle(0, .delivered)
        send.end(Self.error)
        #expect(await fates == [.delivered, .failed(Self.error), .untried, .untried])
    }

    @Test func `tickets lead back to batch and record`() {
        for (batch, record): (UInt, Int) in [(1, 0), (7, 999), (1 << 40, 1_048_575)] {
            let parts = PendingSend.parts(ofTicket: PendingSend.ticket(batch: batch, record: record))
            #expect(parts == (batch, record))
        }
    }
}
