import Foundation
import Glibc
import Synchronization

/// A receiver of HTTP requests that does with each connection exactly what it is told, right or wrong.
///
/// It speaks in bytes, so that it can break every rule; whoever waits for it is made to wait by its silence, not by a clock.
package final class FaultyReceiver: Sendable {
    /// What is done with a connection, one after the other; after the last one it is closed.
    package enum Step: Sendable {
        /// Reads a whole request: head and announced content.
        case takeRequest
        /// Sends a text, its line ends as they are.
        case send(String)
        /// Sends bytes again and again, so far apart, until the client goes.
        case keepSending([UInt8], every: Duration = .zero)
        /// Does nothing until the client goes.
        case hang
        /// Closes without the farewell of TCP, as a machine that has crashed does.
        case reset
        /// Begins again with the first step, on the same connection.
        case startOver
    }

    private struct State {
        var connections: Set<Int32> = []
        var connectionCount = 0
        var requestCount = 0
        var sentBytes = 0
        var isStopped = false
    }

    /// What the threads share.
    private final class Shared: Sendable {
        let state = Mutex(State())
    }

    package let port: Int
    private let listener: Int32
    private let shared = Shared()

    /// Listens on a port of its own.
    package init(_ steps: [Step]) throws {
        port = try FreePort.next()
        listener = try LoopbackSocket.listen(on: port)
        let (listener, shared) = (listener, shared)
        Thread.detachNewThread {
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { break }
                LoopbackSocket.closeOnExec(socket)
                let isStopped = shared.state.withLock { state in
                    state.connectionCount += 1
                    state.connections.insert(socket)
                    return state.isStopped
                }
                if isStopped { break }
                Thread.detachNewThread { FaultyReceiver.serve(socket, steps, shared) }
            }
            close(listener)
        }
    }

    deinit {
        shared.state.withLock { state in
            state.isStopped = true
            // Their threads find out, and close them.
            for socket in state.connections { shutdown(socket, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// How many connections there have been.
    package var connectionCount: Int { shared.state.withLock { $0.connectionCount } }

    /// How many requests have been read as a whole.
    package var requestCount: Int { shared.state.withLock { $0.requestCount } }

    /// How many bytes have been handed to the network.
    package var sentBytes: Int { shared.state.withLock { $0.sentBytes } }

    private static func serve(_ socket: Int32, _ steps: [Step], _ shared: Shared) {
        var index = 0
        while index < steps.count {
            switch steps[index] {
            case .takeRequest:
                guard FaultyReceiver.takeRequest(from: socket) else { return end(socket, shared) }
                shared.state.withLock { $0.requestCount += 1 }
            case .send(let text):
                guard send(Array(text.utf8), on: socket, shared) else { return end(socket, shared) }
            case .keepSending(let bytes, let interval):
                while send(bytes, on: socket, shared), !isGone(socket, after: interval) {}
                return end(socket, shared)
            case .hang:
                while !isGone(socket, after: .seconds(3_600)) {}
                return end(socket, shared)
            case .reset:
                _ = shared.state.withLock { $0.connections.remove(socket) }
                return LoopbackSocket.reset(socket)
            case .startOver:
                index = -1
            }
            index += 1
        }
        end(socket, shared)
    }

    private static func end(_ socket: Int32, _ shared: Shared) {
        // Out of the list before its number can be another's.
        _ = shared.state.withLock { $0.connections.remove(socket) }
        // What is closed with bytes unread is reset by the kernel: the client would lose the answer.
        shutdown(socket, Int32(SHUT_WR))
        LoopbackSocket.setTimeout(of: socket, seconds: 1)
        _ = try? LoopbackSocket.read(1 << 20, from: socket)
        close(socket)
    }

    private static func send(_ bytes: [UInt8], on socket: Int32, _ shared: Shared) -> Bool {
        guard (try? LoopbackSocket.write(bytes, to: socket)) != nil else { return false }
        shared.state.withLock { $0.sentBytes += bytes.count }
        return true
    }

    /// Whether the client has closed within a time; what it sends meanwhile is read and forgotten.
    private static func isGone(_ socket: Int32, after wait: Duration) -> Bool {
        var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(min(wait / .milliseconds(1), 3_600_000))
        guard poll(&request, 1, milliseconds) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        return recv(socket, &buffer, buffer.count, 0) <= 0
    }

    private static func takeRequest(from socket: Int32) -> Bool {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = try? LoopbackSocket.read(1, from: socket), !byte.isEmpty else { return false }
            head += byte
        }
        let lines = String(decoding: head, as: UTF8.self).lowercased().split(separator: "\r\n")
        let field = lines.first { $0.hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        return length == 0 || (try? LoopbackSocket.read(length, from: socket))?.count == length
    }
}
