import CRabbitMQ
import Glibc

extension AMQPConnection {
    /// So many are written before confirmations are looked for.
    private static let publicationsBetweenReads = 32
    /// So long a broker that has said that it takes no messages may still confirm those that it took before.
    private static let blockedPatience = Duration.seconds(1)

    /// Whether there is something to write, and only the socket is waited for.
    var wantsToWrite: Bool { !mustWait && groups.contains { !$0.isWritten } }

    /// Whether the broker takes nothing, or owes enough confirmations already.
    private var mustWait: Bool {
        state.blockedReason != nil || confirms?.count ?? 0 >= limits.maximumUnconfirmed
    }

    /// When a group is given up, confirmed or not.
    func end(of group: PublicationGroup) -> ContinuousClock.Instant {
        guard let blockedSince else { return group.deadline }
        return min(group.deadline, blockedSince + Self.blockedPatience)
    }

    func publish(_ group: PublicationGroup) {
        groups.append(group)
        if confirms == nil { confirmPublications() }
    }

    private func confirmPublications() {
        do throws(AMQPError) {
            try call(on: Self.messages) { _ in amqp_confirm_select(handle, Self.messages) }
            release(Self.messages)
            confirms = ConfirmLedger()
        } catch {
            for group in groups { group.concludeAll(error) }
            groups = []
        }
    }

    /// Writes publications for as long as the socket takes them, and gives up those whose time is over.
    func writePublications() {
        while !groups.isEmpty {
            dropOverdue()
            if let reason = state.blockedReason { dropUnwritten(reason) }
            guard wantsToWrite, isWritable else { break }
            for _ in 0..<Self.publicationsBetweenReads where !mustWait { writeNext() }
            while failure == nil, !portion.isFull(limits), readFrame() {}
            if failure != nil || portion.isFull(limits) { break }
        }
        groups.removeAll(where: \.isConcluded)
        flushPortion()
    }

    private func writeNext() {
        guard failure == nil, let group = groups.first(where: { !$0.isWritten }) else { return }
        let slot = PublicationSlot(group: group, index: group.next)
        group.next += 1
        let publication = slot.publication
        if let obstacle = publication.obstacle(frameMaximum: Int(amqp_get_frame_max(handle))) {
            let error = AMQPError(.precondition, obstacle, at: place, remedy: "shorten it")
            return group.set(.unsent(error), at: slot.index)
        }
        confirms?.add(slot)
        check(write(publication))
    }

    private func write(_ publication: AMQPPublication) -> Int32 {
        arena.reset()
        var properties = amqp_basic_properties_t()
        properties._flags = amqp_flags_t(AMQP_BASIC_DELIVERY_MODE_FLAG)
        properties.delivery_mode = publication.isPersistent ? 2 : 1
        if let type = publication.contentType {
            properties._flags |= amqp_flags_t(AMQP_BASIC_CONTENT_TYPE_FLAG)
            properties.content_type = arena.bytes(type)
        }
        if let id = publication.messageID {
            properties._flags |= amqp_flags_t(AMQP_BASIC_MESSAGE_ID_FLAG)
            properties.message_id = arena.bytes(id)
        }
        if !publication.headers.isEmpty {
            properties._flags |= amqp_flags_t(AMQP_BASIC_HEADERS_FLAG)
            properties.headers = arena.table(publication.headers)
        }
        let (exchange, key) = (arena.bytes(publication.exchange), arena.bytes(publication.routingKey))
        return publication.body.withUnsafeBytes { body in
            // The library only reads the body.
            let bytes = amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
            let isMandatory: amqp_boolean_t = publication.isMandatory ? 1 : 0
            return amqp_basic_publish(handle, Self.messages, exchange, key, isMandatory, 0, &properties, bytes)
        }
    }

    /// Whether the socket takes more at once: a broker that is blocked does not read, and nobody waits for it here.
    private var isWritable: Bool {
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    private func dropOverdue() {
        let now = ContinuousClock.now
        let isBlocked = state.blockedReason != nil
        let overdue = groups.filter { end(of: $0) <= now }
        guard !overdue.isEmpty else { return }
        for group in overdue {
            group.concludeAll(state.blockedReason.map { .blocked($0, at: place) } ?? .unconfirmed(at: place))
        }
        groups.removeAll(where: \.isConcluded)
        // Confirmations that never come would keep everything to come from being written: another connection owes none.
        if !isBlocked, mustWait { fail(.unconfirmed(at: place)) }
    }

    private func dropUnwritten(_ reason: String) {
        for group in groups where !group.isWritten { group.concludeUnwritten(.blocked(reason, at: place)) }
        groups.removeAll(where: \.isConcluded)
    }

    // MARK: Answers

    func confirmed(_ number: UInt64, includingEarlier: Bool, _ outcome: AMQPOutcome) {
        for slot in confirms?.conclude(number, includingEarlier: includingEarlier) ?? [] {
            slot.group.set(outcome, at: slot.index)
        }
    }

    /// A returned message is told by itself: the broker does not say its number. Where two are the same, the first one that is
    /// still open is as good as the other.
    func returned(_ message: MessageAssembler.Whole, _ reason: String) {
        let slot = confirms?.first { slot in
            guard !slot.group.hasOutcome(at: slot.index) else { return false }
            let publication = slot.publication
            return publication.isMandatory && publication.routingKey == message.routingKey
                && publication.exchange == message.exchange
                && UInt64(publication.body.count) == message.size && publication.body.starts(with: message.body)
        }
        if let slot { slot.group.set(.returned(reason), at: slot.index) }
    }
}
