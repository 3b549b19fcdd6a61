import Martlet
import MartletPipeline

/// One batch on its way into queues, as a value: what is to be posted next, and what has become of each event.
///
/// Invariants: a request is of one queue and has at most so many bytes. In one queue the events are posted in the order of
/// the batch, and none behind one that was not taken. No event is posted while an earlier one of its resource in the batch
/// is neither delivered nor rejected, whatever their queues. A request that is refused is halved until the culprit is alone.
struct ZaqarDelivery {
    /// The messages of one request, by their places in the batch.
    struct Chunk: Hashable {
        var queue: String
        var members: ArraySlice<Int>
    }

    private struct Lane: Hashable {
        var cloud: String
        var resource: ResourceReference
    }

    /// The events for one queue.
    private struct Group {
        var queue: String
        var members: [Int]
    }

    /// So many queues may fail in one batch before the rest of it is left for another time.
    static let maximumFailures = 3
    private static let head = Array(#"{"messages":["#.utf8)
    private static let tail = Array("]}".utf8)

    /// Of each event, in order.
    private(set) var outcomes: [DeliveryOutcome]
    private let messages: [[UInt8]]
    private let lanes: [Lane?]
    private let maximumBytes: Int
    private var groups: [Group] = []
    /// The group that is on its way, and how far it is.
    private var current = 0
    private var position = 0
    /// The halves of refused requests, the next one last.
    private var halves: [ArraySlice<Int>] = []
    /// What waits for another time, and everything behind it with it.
    private var heldLanes: Set<Lane> = []
    private var heldQueues: Set<String> = []
    private var failures = 0

    init(_ batch: OutgoingBatch, queue: ZaqarQueueTemplate, timeToLive: Int?, maximumBytes: Int) {
        outcomes = Array(repeating: .untried, count: batch.events.count)
        self.maximumBytes = maximumBytes
        lanes = batch.events.map { event in
            event.event.resource.map { Lane(cloud: event.event.cloud, resource: $0) }
        }
        messages = batch.events.indices.map {
            ZaqarMessage.bytes(of: batch.events[$0], key: batch.key(ofEventAt: $0), timeToLive: timeToLive)
        }
        group(batch, queue)
    }

    /// Sorts events by queue. One joins its queue's group unless that would put it before an earlier one of its resource.
    private mutating func group(_ batch: OutgoingBatch, _ queue: ZaqarQueueTemplate) {
        var open: [String: Int] = [:]
        var last: [Lane: Int] = [:]
        for (index, event) in batch.events.enumerated() {
            do throws(ZaqarQueueTemplate.Unnameable) {
                let name = try queue.name(for: event.event)
                let earliest = lanes[index].flatMap { last[$0] } ?? 0
                if let place = open[name], place >= earliest {
                    groups[place].members.append(index)
                } else {
                    open[name] = groups.count
                    groups.append(Group(queue: name, members: [index]))
                }
                if let lane = lanes[index] { last[lane] = open[name] }
            } catch {
                outcomes[index] = .reject(error.reason)
            }
        }
    }

    /// The next request; `nil` when there is nothing more to be tried.
    mutating func next() -> Chunk? {
        while current < groups.count {
            let group = groups[current]
            if let half = halves.popLast() { return Chunk(queue: group.queue, members: half) }
            guard position < group.members.count, position > 0 || !isHeld(group) else {
                leaveGroup()
                continue
            }
            let first = group.members[position]
            guard size(of: first) <= maximumBytes else {
                outcomes[first] = .reject(
                    """
                    The event makes a request of \(size(of: first)) bytes, and \(maximumBytes) are allowed: send less of \
                    it, with body: event or protect, or have Zaqar allow more and raise batch-bytes.
                    """
                )
                position += 1
                leaveGroup()
                continue
            }
            let start = position
            var bytes = size(of: first)
            position += 1
            while position < group.members.count {
                let more = messages[group.members[position]].count + 1
                guard bytes + more <= maximumBytes else { break }
                bytes += more
                position += 1
            }
            return Chunk(queue: group.queue, members: group.members[start..<position])
        }
        return nil
    }

    /// Takes Zaqar's answer to a request.
    mutating func complete(_ chunk: Chunk, _ verdict: ZaqarVerdict) {
        switch verdict {
        case .delivered:
            settle(chunk, .delivered)
        case .refused where chunk.members.count > 1:
            let middle = chunk.members.startIndex + chunk.members.count / 2
            halves.append(chunk.members[middle...])
            halves.append(chunk.members[..<middle])
        case .refused(let reason), .rejected(let reason):
            settle(chunk, .reject(reason))
            leaveGroup()
        case .retry(let reason):
            settle(chunk, .retry(reason))
            fail()
        case .unavailable(let reason, let retryAfter, let isAnswered):
            if let first = chunk.members.first {
                outcomes[first] = .unavailable(reason, retryAfter: retryAfter)
            }
            fail(isFinal: !isAnswered || retryAfter != nil)
        case .gone(let reason):
            if let first = chunk.members.first { outcomes[first] = .gone(reason) }
            fail(isFinal: true)
        }
    }

    /// The body of a request.
    func body(of chunk: Chunk) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(chunk.members.reduce(Self.head.count + Self.tail.count) { $0 + messages[$1].count + 1 })
        body.append(contentsOf: Self.head)
        for (place, member) in chunk.members.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            body.append(contentsOf: messages[member])
        }
        body.append(contentsOf: Self.tail)
        return body
    }

    private func size(of index: Int) -> Int { Self.head.count + messages[index].count + Self.tail.count }

    private func isHeld(_ group: Group) -> Bool {
        if heldQueues.isEmpty { return false }
        return heldQueues.contains(group.queue)
            || !heldLanes.isDisjoint(with: group.members.compactMap { lanes[$0] })
    }

    private mutating func settle(_ chunk: Chunk, _ outcome: DeliveryOutcome) {
        for member in chunk.members { outcomes[member] = outcome }
    }

    private mutating func fail(isFinal: Bool = false) {
        failures += 1
        leaveGroup()
        if isFinal || failures >= Self.maximumFailures { current = groups.count }
    }

    /// Leaves the rest of the group for another time, and with it what comes behind it of the same resources.
    private mutating func leaveGroup() {
        for member in groups[current].members where !outcomes[member].isConcluded {
            heldQueues.insert(groups[current].queue)
            if let lane = lanes[member] { heldLanes.insert(lane) }
        }
        halves = []
        position = 0
        current += 1
    }
}

extension DeliveryOutcome {
    /// Whether the events behind it may go.
    fileprivate var isConcluded: Bool {
        switch self {
        case .delivered, .reject: true
        case .retry, .unavailable, .gone, .untried: false
        }
    }
}
