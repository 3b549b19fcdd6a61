import Glibc

/// One connection through a ``FaultProxy``: two sockets and what is on its way between them.
struct FaultProxyLink {
    /// One direction.
    private struct Flow {
        let source: Int32
        let target: Int32
        let direction: FaultProxy.Direction
        var chunks: [(due: ContinuousClock.Instant, bytes: [UInt8])] = []
        var heldBytes = 0
        /// The source has said that nothing more comes.
        var hasEnded = false
        /// The target has been told so.
        var isShut = false
        /// The target takes nothing at the moment.
        var isBlocked = false
    }

    /// As much as is read ahead of what can be passed on.
    private static let maximumHeldBytes = 256 << 10

    private var flows: [Flow]
    private var isBroken = false

    init(client: Int32, server: Int32) {
        LoopbackSocket.setNonBlocking(client)
        LoopbackSocket.setNonBlocking(server)
        flows = [
            Flow(source: client, target: server, direction: .toServer),
            Flow(source: server, target: client, direction: .toClient),
        ]
    }

    var isOver: Bool { isBroken || flows.allSatisfy(\.isShut) }
    var heldBytes: Int { flows.reduce(0) { $0 + $1.heldBytes } }

    /// When the next chunk has to go; `nil` where none waits, or none may go.
    func nextDue(_ orders: FaultProxy.State) -> ContinuousClock.Instant? {
        flows.filter { !$0.isBlocked && !$0.isShut && !orders.frozen.contains($0.direction) }
            .compactMap { $0.chunks.first?.due }.min()
    }

    var polled: [pollfd] {
        flows.map { flow in
            var events: Int16 = 0
            if !flow.hasEnded, flow.heldBytes < Self.maximumHeldBytes { events |= Int16(POLLIN) }
            if flows.contains(where: { $0.target == flow.source && $0.isBlocked }) { events |= Int16(POLLOUT) }
            // A socket that is asked nothing would still report that it was hung up, again and again.
            return pollfd(fd: events == 0 ? -1 : flow.source, events: events, revents: 0)
        }
    }

    mutating func halfClose(_ directions: FaultProxy.Direction) {
        for index in flows.indices where directions.contains(flows[index].direction) && !flows[index].isShut {
            shutdown(flows[index].target, Int32(SHUT_WR))
            flows[index].isShut = true
            flows[index].chunks = []
            flows[index].heldBytes = 0
        }
    }

    /// Reads what has come.
    mutating func read(_ ready: Set<Int32>, _ orders: FaultProxy.State) {
        for index in flows.indices where ready.contains(flows[index].source) {
            guard !flows[index].hasEnded, flows[index].heldBytes < Self.maximumHeldBytes else { continue }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(flows[index].source, &buffer, buffer.count, 0)
            if count > 0 {
                // After a half-close there is nobody for it.
                guard !flows[index].isShut else { continue }
                flows[index].chunks.append((.now + orders.delay, Array(buffer[..<count])))
                flows[index].heldBytes += count
            } else if count == 0 {
                flows[index].hasEnded = true
            } else if errno != EAGAIN {
                isBroken = true
            }
        }
    }

    /// Hands on what is due; how many bytes, in each direction.
    mutating func pass(_ orders: FaultProxy.State, _ cut: inout FaultProxy.Cut?) -> [Int] {
        var passed = [0, 0]
        for index in flows.indices where !orders.frozen.contains(flows[index].direction) && !flows[index].isShut {
            flows[index].isBlocked = false
            while let chunk = flows[index].chunks.first, chunk.due <= .now, !flows[index].isBlocked {
                let isCut = cut?.direction.contains(flows[index].direction) ?? false
                let limit = isCut ? min(chunk.bytes.count, cut?.count ?? 0) : chunk.bytes.count
                if limit == 0 { return passed }
                let count = send(flows[index].target, chunk.bytes, limit, Int32(MSG_NOSIGNAL))
                guard count > 0 else {
                    if errno == EAGAIN { flows[index].isBlocked = true } else { isBroken = true }
                    break
                }
                passed[index] += count
                flows[index].heldBytes -= count
                if isCut { cut?.count -= count }
                if count == chunk.bytes.count {
                    flows[index].chunks.removeFirst()
                } else {
                    flows[index].chunks[0].bytes.removeFirst(count)
                }
            }
            if flows[index].hasEnded, flows[index].chunks.isEmpty {
                shutdown(flows[index].target, Int32(SHUT_WR))
                flows[index].isShut = true
            }
        }
        return passed
    }

    func reset() {
        for flow in flows { LoopbackSocket.reset(flow.source) }
    }
}
