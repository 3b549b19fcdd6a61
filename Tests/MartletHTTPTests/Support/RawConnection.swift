import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A bare TCP connection, for clients that misbehave. What blocks runs on threads of its own.
struct RawConnection: Sendable {
    private let socket: Int32

    /// Connects to a port of this machine.
    init(port: Int) throws {
        #if canImport(Glibc)
            socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    func close() { _ = shutdown(socket, Int32(SHUT_RDWR)) }

    /// Sends a text; what the other side no longer takes is lost.
    func send(_ text: String) async {
        await blocking {
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { write($0) }
                guard count > 0 else { return }
                bytes = bytes.dropFirst(count)
            }
        }
    }

    /// Everything that comes until the other side closes the connection, or, where `end` is given, until that has come.
    func read(until end: String? = nil) async -> String {
        await blocking {
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(socket, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                received += buffer[..<count]
                if let end, String(decoding: received, as: UTF8.self).contains(end) { break }
            }
            return String(decoding: received, as: UTF8.self)
        }
    }

    /// Whether something can be read within ten milliseconds.
    func canRead() async -> Bool {
        await blocking {
            var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            return poll(&request, 1, 10) > 0
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            // Without a signal where the other side has gone.
            return Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        #else
            return Darwin.send(socket, bytes.baseAddress, bytes.count, 0)
        #endif
    }

    private func blocking<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            // A thread for each: a pool has only so many, and those who wait for an answer would keep those who send from one.
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}
