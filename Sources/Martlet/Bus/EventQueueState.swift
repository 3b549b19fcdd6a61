/// What a subscription's queue holds and who waits for it, as a value: the holder performs the answers after unlocking.
///
/// Invariants: readers wait only while no event is pending; writers wait only while `capacity` events are; each parked
/// event belongs to one call of `publish`, so that what is held beyond the capacity is bounded by the publishers.
struct EventQueueState<Reader: Sendable, Writer: Sendable>: Sendable {
    /// Tells the waits of a queue apart.
    typealias Ticket = UInt64

    /// What became of an event.
    enum Offer {
        /// It has its place, that of an older one where this one had to go.
        case stored(displaced: EventQueue.Item?)
        /// The holder gives the event to this reader.
        case hand(Reader)
        /// There is no room; the publisher is to wait for it.
        case parked(Ticket)
        /// There was no room, and the subscription has failed.
        case failed
        /// The subscription has ended before.
        case refused
    }

    /// What a reader gets.
    enum Take {
        /// An event; this publisher's event has moved up into its place.
        case item(EventQueue.Item, release: Writer?)
        case failure(EventBusError)
        case end
        /// There is none as yet.
        case empty
    }

    private enum Phase: Sendable {
        case open
        /// Failed, and no reader has been told.
        case failed(EventBusError)
        case ended
    }

    private struct Parked: Sendable {
        let ticket: Ticket
        let item: EventQueue.Item
        var writer: Writer?
    }

    private struct Waiting: Sendable {
        let ticket: Ticket
        let reader: Reader
    }

    private let options: SubscriptionOptions
    private var phase = Phase.open
    private var items = FIFO<EventQueue.Item>()
    private var parked = FIFO<Parked>()
    private var readers = FIFO<Waiting>()
    private var lastTicket: Ticket = 0
    private(set) var droppedCount = 0

    init(options: SubscriptionOptions) { self.options = options }

    var pendingCount: Int { items.count }

    var isOpen: Bool { if case .open = phase { true } else { false } }

    mutating func makeTicket() -> Ticket {
        lastTicket += 1
        return lastTicket
    }

    // MARK: Publishers

    mutating func offer(_ item: EventQueue.Item) -> Offer {
        guard isOpen else { return .refused }
        if let waiting = readers.popFirst() { return .hand(waiting.reader) }
        if items.count < options.capacity {
            items.append(item)
            return .stored(displaced: nil)
        }
        switch options.overflow {
        case .fail:
            phase = .failed(.overflow(pending: items.removeAll().count))
            return .failed
        case .dropOldest:
            let displaced = items.popFirst()
            droppedCount += 1
            items.append(item)
            return .stored(displaced: displaced)
        case .wait:
            let ticket = makeTicket()
            parked.append(Parked(ticket: ticket, item: item))
            return .parked(ticket)
        }
    }

    /// Lets a publisher wait until its parked event has moved up; `false` where it has already.
    mutating func wait(for ticket: Ticket, _ writer: Writer) -> Bool {
        parked.update(where: { $0.ticket == ticket }, { $0.writer = writer })
    }

    /// Takes back the parked event of a publisher that has not begun to wait; whether it was still parked.
    mutating func withdraw(_ ticket: Ticket) -> Bool {
        parked.remove { $0.ticket == ticket } != nil
    }

    /// Takes back the parked event of a publisher that waits; `nil` where it waits no more, or not yet.
    mutating func cancelWriter(_ ticket: Ticket) -> Writer? {
        parked.remove { $0.ticket == ticket && $0.writer != nil }?.writer
    }

    // MARK: Readers

    mutating func take() -> Take {
        if let item = items.popFirst() {
            guard let next = parked.popFirst() else { return .item(item, release: nil) }
            items.append(next.item)
            return .item(item, release: next.writer)
        }
        switch phase {
        case .open: return .empty
        case .failed(let error):
            phase = .ended
            return .failure(error)
        case .ended: return .end
        }
    }

    /// As ``take()``; a reader that finds nothing waits.
    mutating func take(orWait reader: Reader, as ticket: Ticket) -> Take {
        let result = take()
        if case .empty = result { readers.append(Waiting(ticket: ticket, reader: reader)) }
        return result
    }

    /// Takes a waiting reader out; `nil` where it waits no more.
    mutating func cancelReader(_ ticket: Ticket) -> Reader? {
        readers.remove { $0.ticket == ticket }?.reader
    }

    /// Discards what is pending.
    ///
    /// - Returns: the publishers that need not wait any more.
    mutating func discardPending() -> [Writer] {
        _ = items.removeAll()
        return parked.removeAll().compactMap(\.writer)
    }

    // MARK: The end

    /// Ends the subscription and discards what is pending.
    ///
    /// - Returns: the readers to be told, and the publishers that need not wait any more.
    mutating func finish(throwing error: EventBusError?) -> (readers: [Reader], writers: [Writer]) {
        let waiting = readers.removeAll().map(\.reader)
        let writers = parked.removeAll().compactMap(\.writer)
        _ = items.removeAll()
        if let error, isOpen, waiting.isEmpty {
            phase = .failed(error)
        } else if error == nil || isOpen {
            phase = .ended
        }
        return (waiting, writers)
    }
}
