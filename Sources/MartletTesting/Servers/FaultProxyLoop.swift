import Dispatch
import Glibc
import Synchronization

/// The thread of a ``FaultProxy``: one loop over all its sockets.
struct FaultProxyLoop {
    private let port: Int
    private var listener: Int32?
    private let alarm: Int32
    private let shared: FaultProxy.Shared
    private var links: [FaultProxyLink] = []
    private var generation = 0

    init(port: Int, listener: Int32, alarm: Int32, shared: FaultProxy.Shared) {
        self.port = port
        self.listener = listener
        self.alarm = alarm
        self.shared = shared
    }

    /// Runs until the proxy is no more.
    mutating func run() {
        var orders = FaultProxy.State(target: 0)
        while true {
            var ready = wait(orders)
            // Only now: what was ordered before a byte came holds for that byte.
            orders = takeOrders()
            if orders.isStopped { return close() }
            obey(orders)
            for waiter in orders.waiters { waiter.signal() }
            accept(orders, &ready)
            for index in links.indices { links[index].read(ready, orders) }
            pass(orders)
            report()
        }
    }

    private func takeOrders() -> FaultProxy.State {
        shared.value.withLock { state in
            defer { (state.halfClosing, state.waiters) = ([], []) }
            return state
        }
    }

    private mutating func obey(_ orders: FaultProxy.State) {
        if orders.isRefusing, let socket = listener {
            Glibc.close(socket)
            listener = nil
        } else if !orders.isRefusing, listener == nil {
            listener = try? LoopbackSocket.listen(on: port)
        }
        if orders.generation != generation {
            generation = orders.generation
            resetAll()
        }
        for index in links.indices { links[index].halfClose(orders.halfClosing) }
    }

    /// Waits for a socket, an order or the time at which something delayed is due; what can be read.
    private func wait(_ orders: FaultProxy.State) -> Set<Int32> {
        var polled = [pollfd(fd: alarm, events: Int16(POLLIN), revents: 0)]
        if let listener { polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
        for link in links { polled += link.polled }
        let due = links.compactMap { $0.nextDue(orders) }.min()
        let wait = due.map { max(0, Int32((ContinuousClock.now.duration(to: $0) / .milliseconds(1)).rounded(.up))) }
        poll(&polled, nfds_t(polled.count), wait ?? 1_000)
        var bytes = [UInt8](repeating: 0, count: 64)
        _ = read(alarm, &bytes, bytes.count)
        return Set(polled.lazy.filter { $0.revents != 0 }.map(\.fd))
    }

    private mutating func accept(_ orders: FaultProxy.State, _ ready: inout Set<Int32>) {
        guard let listener, ready.contains(listener) else { return }
        let client = Glibc.accept(listener, nil, nil)
        guard client >= 0 else { return }
        LoopbackSocket.closeOnExec(client)
        guard let server = try? LoopbackSocket.connect(to: orders.target) else { return LoopbackSocket.reset(client) }
        // A number that was another connection's a moment ago says nothing about this one.
        ready.subtract([client, server])
        links.append(FaultProxyLink(client: client, server: server))
        shared.value.withLock { $0.acceptedCount += 1 }
    }

    private mutating func pass(_ orders: FaultProxy.State) {
        var cut = orders.bytesUntilCut
        for index in links.indices {
            let passed = links[index].pass(orders, &cut)
            shared.value.withLock { state in
                for direction in 0..<2 { state.passedBytes[direction] += passed[direction] }
            }
        }
        if let before = orders.bytesUntilCut, let after = cut, before.count != after.count {
            shared.value.withLock { $0.bytesUntilCut = after.count == 0 ? nil : after }
        }
        if let cut, cut.count == 0 { resetAll() }
        links.removeAll { link in
            guard link.isOver else { return false }
            link.reset()
            return true
        }
    }

    private mutating func resetAll() {
        for link in links { link.reset() }
        links.removeAll()
    }

    private func report() {
        let (count, held) = (links.count, links.reduce(0) { $0 + $1.heldBytes })
        shared.value.withLock { state in
            state.connectionCount = count
            state.heldBytes = held
        }
    }

    private mutating func close() {
        resetAll()
        if let listener { Glibc.close(listener) }
        Glibc.close(alarm)
    }
}
