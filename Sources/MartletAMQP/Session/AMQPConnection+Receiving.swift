import CRabbitMQ
import Glibc

extension AMQPConnection {
    /// Reads what has come and writes what may be written; true where a portion is full and there may be more.
    func pump() -> Bool {
        let isFull = readFrames()
        if failure == nil { writePublications() }
        return isFull && failure == nil
    }

    /// Reads frames until there are no more, or until a portion is full.
    private func readFrames() -> Bool {
        while failure == nil, !state.isReadingHeld {
            guard readFrame() else { break }
            if portion.isFull(limits) {
                flushPortion()
                return true
            }
        }
        flushPortion()
        return false
    }

    /// Reads one frame that has come; false where there is none.
    func readFrame() -> Bool {
        var frame = amqp_frame_t()
        var now = timeval()
        let status = amqp_simple_wait_frame_noblock(handle, &frame, &now)
        guard status == AMQP_STATUS_OK.rawValue else {
            if status != AMQP_STATUS_TIMEOUT.rawValue { fail(.library(status, at: place)) }
            return false
        }
        take(frame)
        // Everything in it has been copied.
        if failure == nil { release(frame.channel) }
        return true
    }

    private func take(_ frame: amqp_frame_t) {
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            take(frame.payload.method, on: frame.channel)
        case AMQP_FRAME_HEADER where frame.channel == Self.messages:
            let header = frame.payload.properties
            guard header.class_id == AMQP_BASIC_CLASS, let decoded = header.decoded else { return }
            let properties = decoded.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
            if let whole = assembler.take(properties, raw: header.raw, size: header.body_size) { take(whole) }
        case AMQP_FRAME_BODY where frame.channel == Self.messages:
            if let whole = assembler.take(frame.payload.body_fragment) { take(whole) }
        default:
            break
        }
    }

    private func take(_ method: amqp_method_t, on channel: amqp_channel_t) {
        guard let decoded = method.decoded else { return }
        switch method.id {
        case AMQP_BASIC_DELIVER_METHOD:
            let deliver = decoded.assumingMemoryBound(to: amqp_basic_deliver_t.self).pointee
            receives(for: deliver.consumer_tag)
            assembler.begin(deliver)
        case AMQP_BASIC_RETURN_METHOD:
            assembler.begin(decoded.assumingMemoryBound(to: amqp_basic_return_t.self).pointee)
        case AMQP_BASIC_ACK_METHOD:
            let ack = decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
            confirmed(ack.delivery_tag, includingEarlier: ack.multiple != 0, .confirmed)
        case AMQP_BASIC_NACK_METHOD:
            let nack = decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
            confirmed(nack.delivery_tag, includingEarlier: nack.multiple != 0, .nacked)
        case AMQP_BASIC_CANCEL_METHOD:
            let tag = decoded.assumingMemoryBound(to: amqp_basic_cancel_t.self).pointee.consumer_tag.text
            flushPortion()
            if consumers.removeValue(forKey: tag) != nil { observer(.consumerEnded(tag)) }
        case AMQP_CONNECTION_BLOCKED_METHOD:
            let reason = decoded.assumingMemoryBound(to: amqp_connection_blocked_t.self).pointee.reason.text
            state.blockedReason = reason
            blockedSince = blockedSince ?? .now
            observer(.blocked(reason))
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            state.blockedReason = nil
            blockedSince = nil
            observer(.unblocked)
        case AMQP_CHANNEL_FLOW_METHOD:
            let flow = decoded.assumingMemoryBound(to: amqp_channel_flow_t.self).pointee
            var answer = amqp_channel_flow_ok_t(active: flow.active)
            check(amqp_send_method(handle, channel, AMQP_CHANNEL_FLOW_OK_METHOD, &answer))
        case AMQP_CHANNEL_CLOSE_METHOD:
            guard let close = BrokerClose(method) else { return }
            channelWasClosed(channel, close.error(at: place))
        case AMQP_CONNECTION_CLOSE_METHOD:
            guard let close = BrokerClose(method) else { return }
            answerConnectionClose()
            fail(close.error(at: place))
        default:
            break
        }
    }

    private func take(_ whole: MessageAssembler.Whole) {
        switch whole.envelope {
        case .delivery(let tag, let isRedelivered):
            portion.add(
                AMQPDelivery(
                    tag: tag,
                    exchange: whole.exchange,
                    routingKey: whole.routingKey,
                    isRedelivered: isRedelivered,
                    headers: whole.headers,
                    body: whole.body[...],
                    size: whole.size
                )
            )
        case .returned(let reason):
            returned(whole, reason)
        }
    }

    /// A portion is one consumer's: another's begins a new one.
    private func receives(for tag: amqp_bytes_t) {
        let isSame = portion.consumer.withUTF8 { tag.equals(UnsafeRawBufferPointer($0)) }
        guard !isSame else { return }
        flushPortion()
        portion.consumer = tag.text
    }

    /// Hands over what has been collected.
    func flushPortion() {
        guard !portion.isEmpty else { return }
        let (consumer, deliveries) = (portion.consumer, portion.take())
        // One that was cancelled meanwhile is told nothing: the broker delivers it to another.
        consumers[consumer]?(deliveries)
    }

    // MARK: Consuming

    func limitPrefetch(to count: UInt16) throws(AMQPError) {
        try call(on: Self.messages) { _ in amqp_basic_qos(handle, Self.messages, 0, count, 0) }
        release(Self.messages)
    }

    func consume(
        _ queue: String,
        isExclusive: Bool,
        arguments: AMQPArguments,
        deliver: @escaping @Sendable ([AMQPDelivery]) -> Void
    ) throws(AMQPError) -> String {
        let answer = try call(on: Self.messages) { arena in
            let (queue, table) = (arena.bytes(queue), arena.table(arguments))
            let tag = amqp_bytes_t(len: 0, bytes: nil)
            return amqp_basic_consume(handle, Self.messages, queue, tag, 0, 0, isExclusive ? 1 : 0, table)
        }
        defer { release(Self.messages) }
        let tag = answer.consumer_tag.text
        consumers[tag] = deliver
        return tag
    }

    func cancelConsumer(_ tag: String, isEmptying: Bool) throws(AMQPError) {
        // What had come before the answer is waiting in the library.
        try call(on: Self.messages) { arena in amqp_basic_cancel(handle, Self.messages, arena.bytes(tag)) }
        release(Self.messages)
        flushPortion()
        if !isEmptying { consumers[tag] = nil }
    }

    func acknowledge(_ tag: UInt64, includingEarlier: Bool) {
        check(amqp_basic_ack(handle, Self.messages, tag, includingEarlier ? 1 : 0))
    }
}
