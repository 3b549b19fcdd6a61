import Foundation
import Synchronization

/// A small HTTP/1.1 server on this machine that answers as a test says, one connection for each request.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        var method: String
        /// With the query.
        var path: String
        /// By lower-case name.
        var headers: [String: String]
        var body: String

        /// The values of a query parameter, decoded.
        func query(_ name: String) -> [String] {
            let items = URLComponents(string: "http://x" + path)?.queryItems ?? []
            return items.filter { $0.name == name }.compactMap(\.value)
        }
    }

    struct Reply: Sendable {
        var status: Int
        var headers: [String: String]
        var body: String

        /// Closes the connection without an answer.
        static let hangUp = Reply(status: 0, headers: [:], body: "")

        static func json(_ body: String, status: Int = 200, headers: [String: String] = [:]) -> Reply {
            Reply(status: status, headers: headers, body: body)
        }

        static func problem(
            _ code: String,
            _ detail: String,
            status: Int,
            more: String = "",
            headers: [String: String] = [:]
        ) -> Reply {
            let body =
                #"{"type":"urn:martlet:problem:\#(code)","code":"\#(code)","status":\#(status),"detail":"\#(detail)"\#(more)}"#
            return Reply(status: status, headers: headers, body: body)
        }
    }

    struct CannotListen: Error {}

    let url: String
    private let listener: Int32
    private let received = Mutex<[Request]>([])

    /// What has been asked so far.
    var requests: [Request] { received.withLock { $0 } }

    /// - Parameter answer: gets the request and how many came before it.
    init(_ answer: @escaping @Sendable (Request, Int) -> Reply) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw CannotListen() }
        self.listener = listener
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        // Ends when the listener is shut down, which `deinit` does: the thread holds no reference to the server.
        let thread = Thread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                if let request = Self.read(connection) {
                    let count = self?.received.withLock { received in
                        received.append(request)
                        return received.count - 1
                    }
                    Self.write(answer(request, count ?? 0), to: connection)
                }
                close(connection)
            }
            close(listener)
        }
        thread.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        let end = Array("\r\n\r\n".utf8)
        var head: Range<Int>?
        var length = 0
        var request: Request?
        while true {
            if request == nil, let found = bytes.firstRange(of: end) {
                head = found
                request = parse(String(decoding: bytes[..<found.lowerBound], as: UTF8.self))
                length = request?.headers["content-length"].flatMap { Int($0) } ?? 0
            }
            if var request, let head, bytes.count >= head.upperBound + length {
                request.body = String(decoding: bytes[head.upperBound...], as: UTF8.self)
                return request
            }
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            bytes.append(contentsOf: piece[..<count])
        }
    }

    private static func parse(_ head: String) -> Request {
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        return Request(method: String(words[0]), path: String(words[1]), headers: headers, body: "")
    }

    private static func write(_ reply: Reply, to connection: Int32) {
        guard reply.status > 0 else { return }
        var text = "HTTP/1.1 \(reply.status) X\r\nContent-Length: \(reply.body.utf8.count)\r\nConnection: close\r\n"
        for (name, value) in reply.headers { text += "\(name): \(value)\r\n" }
        var rest = Array((text + "\r\n" + reply.body).utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
