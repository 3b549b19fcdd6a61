import Foundation
import Glibc
import Synchronization

/// A name server that knows one answer for every name, on an address of this machine's own network. Needs the right to take
/// port 53.
package final class LoopbackNameServer: Sendable {
    package enum Answer: Sendable, Hashable {
        /// None at all, as from a name server that is down.
        case silence
        case noSuchName
        /// An IPv4 address, as four bytes.
        case address([UInt8])
    }

    private struct State {
        var answer: Answer
        var questionCount = 0
    }

    private final class Shared: Sendable {
        let state: Mutex<State>

        init(_ answer: Answer) { state = Mutex(State(answer: answer)) }
    }

    /// Where it listens, as `127.53.0.9`.
    package let address: String
    private let shared: Shared
    /// A pipe's end: its closing ends the thread.
    private let alarm: Int32

    package init(_ answer: Answer) throws {
        let bytes = [127, 53, UInt8.random(in: 0...255), UInt8.random(in: 1...254)]
        address = bytes.map(String.init).joined(separator: ".")
        let socket = try LoopbackNameServer.bind(bytes)
        let ends = try LoopbackSocket.pipe()
        alarm = ends.write
        let shared = Shared(answer)
        self.shared = shared
        Thread.detachNewThread { LoopbackNameServer.run(socket, alarm: ends.read, shared) }
    }

    deinit { close(alarm) }

    /// What is answered from now on.
    package func answer(_ answer: Answer) { shared.state.withLock { $0.answer = answer } }

    /// How many questions have come.
    package var questionCount: Int { shared.state.withLock { $0.questionCount } }

    private static func bind(_ bytes: [UInt8]) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw LoopbackSocket.failure("make a socket", closing: -1) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        address.sin_addr.s_addr = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }.bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw LoopbackSocket.failure("take port 53", closing: socket) }
        return socket
    }

    private static func run(_ socket: Int32, alarm: Int32, _ shared: Shared) {
        defer {
            close(socket)
            close(alarm)
        }
        var buffer = [UInt8](repeating: 0, count: 1_024)
        while true {
            var polled = [alarm, socket].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, 2, -1) > 0, polled[0].revents == 0 else { return }
            var sender = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &sender) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sender in
                    let count = recvfrom(socket, &buffer, buffer.count, 0, sender, &length)
                    guard count > 12 else { return }
                    let answer = shared.state.withLock { state in
                        state.questionCount += 1
                        return state.answer
                    }
                    guard let message = reply(to: Array(buffer[..<count]), answer) else { return }
                    sendto(socket, message, message.count, 0, sender, length)
                }
            }
        }
    }

    /// A message of RFC 1035, section 4: the question again, and what there is to say.
    private static func reply(to question: [UInt8], _ answer: Answer) -> [UInt8]? {
        // The name ends with an empty label; its kind and class are four bytes more.
        guard answer != .silence, let end = question[12...].firstIndex(of: 0), end + 5 <= question.count else {
            return nil
        }
        let isAboutIPv4 = question[end + 2] == 1
        var message = Array(question[..<2])
        message += [0x81, answer == .noSuchName ? 0x83 : 0x80, 0, 1, 0, 0, 0, 0, 0, 0]
        message += question[12..<(end + 5)]
        if case .address(let address) = answer, isAboutIPv4 {
            message[7] = 1
            // The name of the question, an address, of the Internet, valid for no time, four bytes.
            message += [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4] + address
        }
        return message
    }
}
