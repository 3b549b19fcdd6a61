import Synchronization

/// A batch of records on its way, and who waits for it.
///
/// It ends when every record up to the first failure has its fate: what follows a failure is sent again behind it, so that a
/// record is never kept for delivered that went before an earlier one of its resource. What is told after the end is nobody's
/// business any more.
final class PendingSend: Sendable {
    private struct State {
        var fates: [RecordFate?]
        /// How many records from the first on have been delivered.
        var deliveredPrefix = 0
        /// What everybody gets, once it has ended.
        var result: [RecordFate]?
        var waiter: CheckedContinuation<[RecordFate], Never>?

        /// The fates, where they are known up to the first failure or the end.
        mutating func outcome() -> [RecordFate]? {
            while deliveredPrefix < fates.count {
                switch fates[deliveredPrefix] {
                case .delivered?: deliveredPrefix += 1
                case .failed?:
                    let failed = deliveredPrefix
                    return fates.enumerated().map { $0.offset <= failed ? $0.element ?? .untried : .untried }
                case .untried?, nil: return nil
                }
            }
            return fates.map { $0 ?? .delivered }
        }
    }

    private static let ticketBits: UInt = 20

    let topic: String
    let records: [ProducerRecord]
    private let state: Mutex<State>

    init(_ records: [ProducerRecord], to topic: String) {
        precondition(records.count < 1 << Self.ticketBits && !records.isEmpty)
        self.topic = topic
        self.records = records
        state = Mutex(State(fates: Array(repeating: nil, count: records.count)))
    }

    /// What librdkafka carries with a record, so that its report finds back: the number of the batch and of the record.
    static func ticket(batch: UInt, record: Int) -> UInt { batch << ticketBits | UInt(record) }

    static func parts(ofTicket ticket: UInt) -> (batch: UInt, record: Int) {
        (ticket >> ticketBits, Int(ticket & (1 << ticketBits - 1)))
    }

    var hasEnded: Bool { state.withLock { $0.result != nil } }

    /// Whether it is not known yet what became of some record, ended or not.
    var isIncomplete: Bool { state.withLock { $0.fates.contains(nil) } }

    /// Says what became of a record.
    func settle(_ record: Int, _ fate: RecordFate) {
        change { state in
            if state.fates[record] == nil { state.fates[record] = fate }
        }
    }

    /// Ends it: the first record that is not known to have been delivered has failed so.
    func end(_ error: KafkaError) {
        change { state in
            while state.deliveredPrefix < state.fates.count, state.fates[state.deliveredPrefix] == .delivered {
                state.deliveredPrefix += 1
            }
            guard state.result == nil, state.deliveredPrefix < state.fates.count else { return }
            state.fates[state.deliveredPrefix] = .failed(error)
        }
    }

    /// Waits for the end: a fate for each record, delivered up to the first failure and untried behind it.
    func fates() async -> [RecordFate] {
        await withCheckedContinuation { waiter in
            let result = state.withLock { state in
                if state.result == nil { state.waiter = waiter }
                return state.result
            }
            if let result { waiter.resume(returning: result) }
        }
    }

    private func change(_ body: (inout sending State) -> Void) {
        let (waiter, result) = state.withLock { state -> (CheckedContinuation<[RecordFate], Never>?, [RecordFate]) in
            body(&state)
            guard state.result == nil, let result = state.outcome() else { return (nil, []) }
            state.result = result
            defer { state.waiter = nil }
            return (state.waiter, result)
        }
        waiter?.resume(returning: result)
    }
}
