import CRdKafka
import Dispatch

/// A consumer's thread: obeys commands, and takes events from librdkafka only while somebody waits for them, so that what is
/// not wanted yet stays in the library's bounded queue.
final class ConsumerLoop {
    /// Somebody who waits for notices.
    struct Demand {
        var id: Int
        var answer: @Sendable (Result<[KafkaNotice], KafkaError>) -> Void
    }

    /// Bounds of what is handed over at once, and so of a commit; a larger record comes alone.
    private static let maximumRecords = 2_000
    private static let maximumBytes = 2 << 20
    /// How long a poll waits at most; commands end it before.
    private static let longestPoll: Int32 = 500
    /// How long nobody asks for notices before reports are looked after by themselves.
    private static let patience = DispatchTimeInterval.seconds(1)
    /// How long leaving the group may take.
    private static let closingTime = Duration.seconds(5)

    let handle: KafkaHandle
    private let inbox: KafkaInbox<ConsumerLoop>
    private var demand: Demand?
    private var portion = Portion()
    /// A rebalance has been reported and not been answered yet.
    private var owesAnswer = false
    /// Whether it has joined a group, and been given an assignment there, be it an empty one.
    var hasJoined = false
    private var hasBeenAssigned = false

    private struct Portion {
        var notices: [KafkaNotice] = []
        var records: [KafkaRecord] = []
        var byteCount = 0
        var isComplete = false

        mutating func add(_ notice: KafkaNotice) {
            closeRecords()
            notices.append(notice)
        }

        /// Those of a moment ago say nothing any more. Many wait where nobody has asked for notices for a while.
        mutating func replace(_ statistics: KafkaStatistics) {
            notices.removeAll { if case .statistics = $0 { true } else { false } }
            add(.statistics(statistics))
        }

        mutating func closeRecords() {
            if !records.isEmpty { notices.append(.records(records)) }
            records = []
        }
    }

    init(handle: KafkaHandle, inbox: KafkaInbox<ConsumerLoop>) {
        self.handle = handle
        self.inbox = inbox
    }

    /// Runs until it is told to stop, leaves the group, and refuses what comes after.
    func run() {
        while true {
            let (commands, isStopping) = inbox.take()
            for command in commands { command(self) }
            if isStopping { break }
            if demand == nil { rest() } else { gather() }
        }
        close()
        answer(.failure(.closed(at: handle.place)))
        inbox.end()
        handle.emptyIfAbandoned()
    }

    /// Takes somebody's demand; it is answered as soon as there is anything.
    func take(_ demand: Demand) {
        answer(.success([]))
        self.demand = demand
    }

    /// Answers a demand with nothing, where it still waits.
    func withdraw(_ id: Int) {
        if demand?.id == id { answer(.success([])) }
    }

    /// A rebalance has been answered.
    func hasAnswered() { owesAnswer = false }

    private func answer(_ result: Result<[KafkaNotice], KafkaError>) {
        demand?.answer(result)
        demand = nil
    }

    /// Waits for a command. Records stay in the library's bounded queue; its reports, which come every second and have no
    /// bound, are taken out of it where that lasts, and the latest is kept.
    private func rest() {
        guard !inbox.waitForCommand(atMost: Self.patience) else { return }
        guard let reports = rd_kafka_queue_get_main(handle.client) else { return }
        rd_kafka_queue_forward(reports, nil)
        defer {
            rd_kafka_queue_forward(reports, handle.queue)
            rd_kafka_queue_destroy(reports)
        }
        repeat {
            while let event = KafkaEvent(rd_kafka_queue_poll(reports, 0)) { serve(event) }
        } while !inbox.waitForCommand(atMost: Self.patience)
    }

    private func gather() {
        let mayWait = inbox.prepareToPoll(handle)
        guard let first = handle.poll(milliseconds: mayWait ? Self.longestPoll : 0) else { return }
        serve(first)
        while !portion.isComplete, let event = handle.poll(milliseconds: 0) { serve(event) }
        portion.closeRecords()
        guard !portion.notices.isEmpty else { return }
        let notices = portion.notices
        portion = Portion()
        answer(.success(notices))
    }

    private func serve(_ event: borrowing KafkaEvent) {
        switch event.type {
        case RD_KAFKA_EVENT_FETCH: takeRecords(event)
        case RD_KAFKA_EVENT_REBALANCE:
            if event.code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS { hasBeenAssigned = true }
            let partitions = event.partitions.map(\.partition)
            portion.add(
                event.code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS
                    ? .assigned(partitions)
                    : .revoked(partitions, areLost: rd_kafka_assignment_lost(handle.client) != 0)
            )
            // The answer comes before anything else is read.
            portion.isComplete = true
            owesAnswer = true
        case RD_KAFKA_EVENT_ERROR: takeError(event)
        case RD_KAFKA_EVENT_OFFSET_COMMIT:
            let isNothing = event.code == RD_KAFKA_RESP_ERR__NO_OFFSET
            let failure = [event.code] + event.partitions.map(\.code)
            let code = failure.first { $0 != RD_KAFKA_RESP_ERR_NO_ERROR } ?? RD_KAFKA_RESP_ERR_NO_ERROR
            let isDone = isNothing || code == RD_KAFKA_RESP_ERR_NO_ERROR
            portion.add(.committed(isDone ? nil : handle.error(code)))
        case RD_KAFKA_EVENT_STATS:
            guard let text = rd_kafka_event_stats(event.pointer) else { return }
            if let statistics = KafkaStatistics(json: String(cString: text)) { portion.replace(statistics) }
        default: break
        }
    }

    private func takeRecords(_ event: borrowing KafkaEvent) {
        while let message = rd_kafka_event_message_next(event.pointer) {
            guard let topic = message.pointee.rkt, let name = rd_kafka_topic_name(topic) else { continue }
            let partition = KafkaPartition(topic: topicName(name), number: message.pointee.partition)
            guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                let text = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? ""
                let error = KafkaError(message.pointee.err, reason: text, at: handle.place, topic: partition.topic)
                portion.add(.error(error))
                continue
            }
            let record = KafkaRecord(copying: message, of: partition)
            portion.byteCount += (record.value?.count ?? 0) + (record.key?.count ?? 0)
            portion.records.append(record)
        }
        if portion.records.count >= Self.maximumRecords || portion.byteCount >= Self.maximumBytes {
            portion.isComplete = true
        }
    }

    /// The last topic's name: records of one topic share it.
    private var lastTopic = ""

    private func topicName(_ name: UnsafePointer<CChar>) -> String {
        if lastTopic.withCString({ isSameText($0, name) }) { return lastTopic }
        lastTopic = String(cString: name)
        return lastTopic
    }

    private func takeError(_ event: borrowing KafkaEvent) {
        switch (event.code, event.partition) {
        case (RD_KAFKA_RESP_ERR__PARTITION_EOF, let partition?): portion.add(.endOfPartition(partition))
        case (RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, let partition?),
            (RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, let partition?):
            portion.add(.outOfRange(partition))
        default: portion.add(.error(event.error(at: handle.place)))
        }
    }

    /// Before this one, a member without an assignment cannot be let go of.
    private static let firstThatLetsGo: Int32 = 0x0203_0000

    /// Leaves the group in order, so that its partitions need not wait for a time-out.
    private func close() {
        leave()
        if hasJoined, !hasBeenAssigned, rd_kafka_version() < Self.firstThatLetsGo { handle.abandon() }
    }

    private func leave() {
        let failure = KafkaError(
            consuming: rd_kafka_consumer_close_queue(handle.client, handle.queue),
            at: handle.place
        )
        guard failure == nil else { return }
        if owesAnswer { rd_kafka_assign(handle.client, nil) }
        let deadline = ContinuousClock.now + Self.closingTime
        while rd_kafka_consumer_closed(handle.client) == 0, ContinuousClock.now < deadline {
            guard let event = handle.poll(milliseconds: 50), event.type == RD_KAFKA_EVENT_REBALANCE else { continue }
            if event.code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS { hasBeenAssigned = true }
            let isTaken = event.code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS
            if isTaken, isCooperative, let list = rd_kafka_event_topic_partition_list(event.pointer) {
                _ = KafkaError(consuming: rd_kafka_incremental_unassign(handle.client, list), at: handle.place)
            } else {
                rd_kafka_assign(handle.client, nil)
            }
        }
    }

    /// Whether the group adds and takes single partitions; otherwise all are given and taken at once.
    var isCooperative: Bool { protocolName == "COOPERATIVE" }

    /// `COOPERATIVE`, `EAGER`, or `NONE` without a group.
    var protocolName: String { rd_kafka_rebalance_protocol(handle.client).map { String(cString: $0) } ?? "NONE" }
}

/// Whether two texts of C are the same.
private func isSameText(_ left: UnsafePointer<CChar>, _ right: UnsafePointer<CChar>) -> Bool {
    var index = 0
    while left[index] == right[index] {
        if left[index] == 0 { return true }
        index += 1
    }
    return false
}
