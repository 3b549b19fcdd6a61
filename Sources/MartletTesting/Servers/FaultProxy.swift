import Dispatch
import Foundation
import Glibc
import Synchronization

/// A TCP proxy on this machine that breaks connections as networks do.
///
/// What is set holds for the connections there are and for those to come, until ``heal()``.
package final class FaultProxy: Sendable {
    /// Which way bytes go.
    package struct Direction: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        package static let toServer = Direction(rawValue: 1 << 0)
        package static let toClient = Direction(rawValue: 1 << 1)
        package static let both: Direction = [.toServer, .toClient]
    }

    /// The bytes that still pass in a direction before everything is cut.
    struct Cut: Sendable {
        let direction: Direction
        var count: Int
    }

    /// What the thread is to do, and what it has seen.
    struct State: Sendable {
        var target: Int
        var isRefusing = false
        var frozen: Direction = []
        var delay = Duration.zero
        var bytesUntilCut: Cut?
        /// Raised with each ``FaultProxy/dropConnections()``; older connections go.
        var generation = 0
        var halfClosing: Direction = []
        var isStopped = false
        /// Signalled when the thread has done what was ordered.
        var waiters: [DispatchSemaphore] = []

        var connectionCount = 0
        var acceptedCount = 0
        var heldBytes = 0
        var passedBytes: [Int] = [0, 0]
    }

    /// Where clients connect.
    package let port: Int
    private let state: Shared
    /// A pipe's end: a byte wakes the thread, and so does its closing.
    private let alarm: Int32

    /// What the proxy and its thread share.
    final class Shared: Sendable {
        let value: Mutex<State>

        init(_ state: State) { value = Mutex(state) }
    }

    /// Listens on a port of its own and hands everything on to another port of this machine.
    package init(target: Int) throws {
        port = try FreePort.next()
        let listener = try LoopbackSocket.listen(on: port)
        let ends = try LoopbackSocket.pipe()
        alarm = ends.write
        let shared = Shared(State(target: target))
        state = shared
        let port = port
        Thread.detachNewThread {
            var loop = FaultProxyLoop(port: port, listener: listener, alarm: ends.read, shared: shared)
            loop.run()
        }
    }

    deinit {
        state.value.withLock { $0.isStopped = true }
        close(alarm)
    }

    /// Resets every connection; new ones pass.
    package func dropConnections() { change { $0.generation += 1 } }

    /// Resets every connection, and listens no more until ``heal()``.
    package func refuseConnections() {
        change {
            $0.generation += 1
            $0.isRefusing = true
        }
    }

    /// Keeps the connections open and passes nothing on in these directions.
    package func freeze(_ directions: Direction = .both) { change { $0.frozen = directions } }

    /// Passes everything on so much later.
    package func delay(by duration: Duration) { change { $0.delay = duration } }

    /// Resets every connection once so many more bytes have passed in a direction; those after them pass again.
    package func cut(after count: Int, _ direction: Direction) {
        change { $0.bytesUntilCut = Cut(direction: direction, count: count) }
    }

    /// Ends the stream of these directions on every connection there is, leaving the other one open.
    package func halfClose(_ directions: Direction) { change { $0.halfClosing = directions } }

    /// Sends connections to come to another port.
    package func retarget(to port: Int) { change { $0.target = port } }

    /// Is a plain proxy again.
    package func heal() {
        change {
            $0.isRefusing = false
            $0.frozen = []
            $0.delay = .zero
            $0.bytesUntilCut = nil
        }
    }

    /// How many connections are open.
    package var connectionCount: Int { state.value.withLock { $0.connectionCount } }

    /// How many connections there have been.
    package var acceptedCount: Int { state.value.withLock { $0.acceptedCount } }

    /// How many bytes have been read and wait to be passed on: more than none when something hangs in a frozen proxy.
    package var heldBytes: Int { state.value.withLock { $0.heldBytes } }

    /// How many bytes have passed in a direction.
    package func passedBytes(_ direction: Direction) -> Int {
        state.value.withLock { $0.passedBytes[direction == .toServer ? 0 : 1] }
    }

    /// Returns when the thread has done it, so that what comes next meets a proxy that has changed; it does so at once.
    private func change(_ body: (inout State) -> Void) {
        let done = DispatchSemaphore(value: 0)
        defer { done.wait() }
        state.value.withLock { state in
            body(&state)
            state.waiters.append(done)
        }
        var byte: UInt8 = 1
        // A pipe that is full wakes the thread already.
        _ = write(alarm, &byte, 1)
    }
}
