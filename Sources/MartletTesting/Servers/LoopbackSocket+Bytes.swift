import Glibc

extension LoopbackSocket {
    /// Writes everything; blocks.
    package static func write(_ bytes: [UInt8], to socket: Int32) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw failure("write", closing: -1) }
            offset += count
        }
    }

    /// Reads so many bytes, or until the stream ends where that is earlier; blocks.
    package static func read(_ limit: Int = .max, from socket: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < limit {
            let count = recv(socket, &buffer, min(buffer.count, limit - bytes.count), 0)
            if count == 0 { break }
            guard count > 0 else { throw failure("read", closing: -1) }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
