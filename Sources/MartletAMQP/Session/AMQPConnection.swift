import CRabbitMQ

/// A connection with its two channels; belongs to the session's thread.
final class AMQPConnection {
    /// Messages are consumed and published here.
    static let messages: amqp_channel_t = 1
    /// Declarations are made here: one that is refused closes the channel, and nothing else is on it.
    static let declarations: amqp_channel_t = 2

    let handle: amqp_connection_state_t
    let place: String
    let server: AMQPServer
    let limits: AMQPLimits
    let state: SessionState
    let observer: @Sendable (AMQPNotice) -> Void
    let descriptor: Int32
    /// Set once: nothing is read or written after it.
    private(set) var failure: AMQPError?
    var arena = Arena()

    /// How often the broker has closed the channel of messages: each one counts its deliveries anew.
    private(set) var channelClosures = 0

    // Receiving.
    var consumers: [String: @Sendable ([AMQPDelivery]) -> Void] = [:]
    var assembler: MessageAssembler
    var portion = DeliveryPortion()

    // Publishing.
    var confirms: ConfirmLedger<PublicationSlot>?
    var groups: [PublicationGroup] = []
    /// When the broker said that it takes no messages; `nil` while it does.
    var blockedSince: ContinuousClock.Instant?

    /// Takes a connection that has logged in; opens its channels.
    init(
        handle: amqp_connection_state_t,
        place: String,
        limits: AMQPLimits,
        state: SessionState,
        observer: @escaping @Sendable (AMQPNotice) -> Void
    ) throws(AMQPError) {
        self.handle = handle
        self.place = place
        self.limits = limits
        self.state = state
        self.observer = observer
        descriptor = amqp_get_sockfd(handle)
        server = AMQPServer(amqp_get_server_properties(handle)?.pointee)
        assembler = MessageAssembler(limits: limits)
        for channel in [Self.messages, Self.declarations] { try open(channel) }
    }

    /// How long the thread may wait for the socket, in milliseconds: heartbeats are sent by reading.
    var longestWait: Int32 {
        let heartbeat = max(1, amqp_get_heartbeat(handle)) * 1_000 / 4
        guard let deadline = groups.lazy.map(end).min() else { return heartbeat }
        let rest = (deadline - .now) / .milliseconds(1)
        return max(1, min(heartbeat, Int32(clamping: Int(min(rest, 60_000)) + 1)))
    }

    /// Notes why the connection is over; the first reason stays.
    func fail(_ error: AMQPError) {
        if failure == nil { failure = state.isCut ? state.cutReason ?? .closed(at: place) : error }
    }

    /// The socket says that nothing more comes or goes.
    func isReset() { fail(.library(AMQP_STATUS_CONNECTION_CLOSED.rawValue, at: place)) }

    /// Ends in order.
    func close() {
        var timeout = Duration.seconds(3).timeval
        amqp_set_rpc_timeout(handle, &timeout)
        // Whether the broker answers makes no difference any more.
        _ = amqp_connection_close(handle, AMQP_REPLY_SUCCESS)
    }

    /// Ends everything under way and releases the socket.
    func conclude(_ error: AMQPError) {
        fail(error)
        flushPortion()
        for group in groups { group.concludeAll(error) }
        groups = []
        consumers = [:]
        state.hasDescriptor(nil)
        amqp_destroy_connection(handle)
    }

    // MARK: Calls

    /// Makes a call that waits for the broker's answer.
    ///
    /// - Throws: what the broker said; where it has closed the channel for it, the channel is open again.
    @discardableResult
    func call<Answer>(
        on channel: amqp_channel_t,
        _ body: (inout Arena) -> UnsafeMutablePointer<Answer>?
    ) throws(AMQPError) -> Answer {
        if let failure { throw failure }
        arena.reset()
        guard let answer = body(&arena)?.pointee else { throw refusal(on: channel, amqp_get_rpc_reply(handle)) }
        return answer
    }

    /// Gives memory back that the library holds for a channel, once what was in it has been copied.
    func release(_ channel: amqp_channel_t) { amqp_maybe_release_buffers_on_channel(handle, channel) }

    private func refusal(on channel: amqp_channel_t, _ reply: amqp_rpc_reply_t) -> AMQPError {
        guard let close = BrokerClose(reply) else {
            let error = AMQPError.library(reply.library_error, at: place)
            fail(error)
            return failure ?? error
        }
        let error = close.error(at: place)
        if close.endsConnection {
            answerConnectionClose()
            fail(error)
        } else {
            channelWasClosed(channel, error)
        }
        return error
    }

    func answerConnectionClose() {
        var answer = amqp_connection_close_ok_t()
        // The connection ends here, whether this arrives or not.
        _ = amqp_send_method(handle, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &answer)
    }

    /// Answers the broker's closing of a channel and opens it again.
    func channelWasClosed(_ channel: amqp_channel_t, _ error: AMQPError) {
        var answer = amqp_channel_close_ok_t()
        check(amqp_send_method(handle, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &answer))
        if channel == Self.messages {
            flushPortion()
            channelClosures += 1
            assembler = MessageAssembler(limits: limits)
            consumers = [:]
            confirms = nil
            for group in groups { group.concludeAll(error) }
            groups = []
        }
        do throws(AMQPError) {
            if failure == nil { try open(channel) }
        } catch {
            fail(error)
        }
        if channel == Self.messages { observer(.channelClosed(error)) }
    }

    private func open(_ channel: amqp_channel_t) throws(AMQPError) {
        try call(on: channel) { _ in amqp_channel_open(handle, channel) }
        release(channel)
    }

    /// Notes a failure of a call that waits for nothing.
    func check(_ status: Int32) {
        if status != AMQP_STATUS_OK.rawValue { fail(.library(status, at: place)) }
    }
}

extension AMQPServer {
    fileprivate init(_ properties: amqp_table_t?) {
        self.init(
            product: properties?.value("product")?.text ?? "",
            version: properties?.value("version")?.text ?? ""
        )
    }
}
