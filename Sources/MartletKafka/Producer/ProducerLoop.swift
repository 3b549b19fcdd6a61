import CRdKafka

/// A producer's thread: hands batches to librdkafka as they come, and tells each what its delivery reports say.
///
/// It ends by itself where a record failed with others behind it on their way, and where librdkafka declares the client
/// lost: with the client everything goes that waits in it, so that nothing arrives before what failed is sent again.
final class ProducerLoop {
    /// How long a poll waits at most; commands and reports end it before.
    private static let longestPoll: Int32 = 5_000
    /// How long the full queue of librdkafka is given at a time.
    private static let roomPoll: Int32 = 100

    private let handle: KafkaHandle
    private let inbox: KafkaInbox<ProducerLoop>
    private var sends: [UInt: PendingSend] = [:]
    private var lastBatch: UInt = 0
    /// What the client said last of its brokers, which says more than that a record's time is over.
    private var lastError: KafkaError?
    /// Whether a failure was met that only another client forgets.
    private var hasRememberedFailure = false
    /// Why it ends.
    private var end: KafkaError?

    init(handle: KafkaHandle, inbox: KafkaInbox<ProducerLoop>) {
        self.handle = handle
        self.inbox = inbox
    }

    /// Runs until it is told to stop or has to; what has not been delivered then has failed.
    func run() {
        while end == nil {
            let (commands, isStopping) = inbox.take()
            for command in commands { command(self) }
            if isStopping { end = end ?? .closed(at: handle.place) }
            if end == nil { serve(milliseconds: inbox.prepareToPoll(handle) ? Self.longestPoll : 0) }
        }
        for send in sends.values { send.end(end ?? .closed(at: handle.place)) }
        inbox.end()
    }

    /// Hands a batch over to librdkafka, which copies it.
    func begin(_ send: PendingSend) {
        guard end == nil else { return send.end(.closed(at: handle.place)) }
        lastBatch += 1
        let batch = lastBatch
        sends[batch] = send
        for index in send.records.indices where !send.hasEnded {
            let ticket = PendingSend.ticket(batch: batch, record: index)
            var code = produce(send.records[index], to: send.topic, ticket)
            while code == RD_KAFKA_RESP_ERR__QUEUE_FULL, end == nil, !send.hasEnded {
                guard rd_kafka_outq_len(handle.client) > 0 else {
                    // There will never be room for it.
                    code = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
                    break
                }
                serve(milliseconds: Self.roomPoll)
                code = produce(send.records[index], to: send.topic, ticket)
            }
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            if code == RD_KAFKA_RESP_ERR__FATAL { takeFatalError() }
            let failure = end ?? handle.error(code, topic: send.topic)
            send.settle(index, .failed(failure))
            if Self.isRemembered(failure) { hasRememberedFailure = true }
            // Those behind it do not even go to librdkafka.
            for later in send.records.indices[(index + 1)...] { send.settle(later, .untried) }
            break
        }
        guard send.hasEnded else { return }
        sends[batch] = nil
        if hasRememberedFailure { end = end ?? .closed(at: handle.place) }
    }

    /// Forgets a batch that nobody waits for any more.
    ///
    /// - Parameter isAlone: whether the client may end, so that no part of it arrives later.
    func forget(_ send: PendingSend, isAlone: Bool) {
        guard let batch = sends.first(where: { $0.value === send })?.key else { return }
        sends[batch] = nil
        if isAlone { end = end ?? .closed(at: handle.place) }
    }

    private func produce(_ record: ProducerRecord, to topic: String, _ ticket: UInt) -> rd_kafka_resp_err_t {
        var headers: OpaquePointer?
        if !record.headers.isEmpty {
            headers = rd_kafka_headers_new(record.headers.count)
            for (name, value) in record.headers {
                var value = value
                value.withUTF8 { bytes in
                    // Fails where there is no memory alone.
                    _ = rd_kafka_header_add(headers, name, -1, bytes.baseAddress, bytes.count)
                }
            }
        }
        let code = record.key.withBytes { key in
            record.value.withUnsafeBytes { value in
                crdkafka_produce(
                    handle.client,
                    topic,
                    RD_KAFKA_PARTITION_UA,
                    RD_KAFKA_MSG_F_COPY,
                    key.baseAddress,
                    key.count,
                    value.baseAddress,
                    value.count,
                    headers,
                    UnsafeMutableRawPointer(bitPattern: ticket)
                )
            }
        }
        // They are librdkafka's own only where it has taken the record.
        if code != RD_KAFKA_RESP_ERR_NO_ERROR, let headers { rd_kafka_headers_destroy(headers) }
        return code
    }

    private func serve(milliseconds: Int32) {
        guard let first = handle.poll(milliseconds: milliseconds) else { return }
        take(first)
        while let event = handle.poll(milliseconds: 0) { take(event) }
    }

    private func take(_ event: borrowing KafkaEvent) {
        switch event.type {
        case RD_KAFKA_EVENT_DR: takeReports(event)
        case RD_KAFKA_EVENT_ERROR:
            if rd_kafka_event_error_is_fatal(event.pointer) != 0 || event.code == RD_KAFKA_RESP_ERR__FATAL {
                takeFatalError()
            } else {
                takeError(event.error(at: handle.place))
            }
        default: break
        }
    }

    private func takeError(_ error: KafkaError) {
        // That all brokers are down comes after what happened to each, which says more.
        if error.libraryCode == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue, lastError != nil { return }
        lastError = error
    }

    private func takeReports(_ event: borrowing KafkaEvent) {
        var concerned: Set<UInt> = []
        while let message = rd_kafka_event_message_next(event.pointer) {
            let (batch, record) = PendingSend.parts(ofTicket: UInt(bitPattern: message.pointee._private))
            guard let send = sends[batch] else { continue }
            concerned.insert(batch)
            let code = message.pointee.err
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else {
                lastError = nil
                send.settle(record, .delivered)
                continue
            }
            if code == RD_KAFKA_RESP_ERR__FATAL { takeFatalError() }
            let failure = end ?? error(code, topic: send.topic)
            send.settle(record, .failed(failure))
            if Self.isRemembered(failure) { hasRememberedFailure = true }
        }
        for batch in concerned {
            guard let send = sends[batch], send.hasEnded else { continue }
            sends[batch] = nil
            // Later ones of it may still be on their way.
            if send.isIncomplete || hasRememberedFailure { end = end ?? .closed(at: handle.place) }
        }
    }

    /// What a report's code means; where time is over, what the client said of its brokers.
    private func error(_ code: rd_kafka_resp_err_t, topic: String) -> KafkaError {
        guard code == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT else { return handle.error(code, topic: topic) }
        // Asked once, since a whole batch fails like this.
        lastError = lastError ?? Self.diagnosis(of: topic, handle) ?? handle.error(code, topic: topic)
        return lastError ?? handle.error(code, topic: topic)
    }

    /// Remembers why librdkafka has given the client up; nothing goes through it any more.
    private func takeFatalError() {
        var reason = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(handle.client, &reason, reason.count)
        end = end ?? KafkaError(code, reason: reason.text, at: handle.place, isFatal: true)
    }
}

extension [UInt8]? {
    /// The bytes; no address, which is no empty key, where there is none.
    fileprivate func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        guard let self else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        // An empty array may have no address either.
        guard !self.isEmpty else { return [0].withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<0])) } }
        return self.withUnsafeBytes(body)
    }
}
