import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A webhook's receiver on a free loopback port: records what comes and answers as it is told.
final class Receiver: Sendable {
    struct Request: Sendable {
        var path: String
        var headers: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Answer: Sendable {
        var status: Int
        var headers: [(name: String, value: String)] = []

        static let ok = Answer(status: 200)
    }

    /// What has come, shared with the connections.
    private final class Book: Sendable {
        private struct State {
            var requests: [Request] = []
            var answer: @Sendable (Request, Int) -> Answer
        }

        private let state: Mutex<State>

        init(_ answer: @escaping @Sendable (Request, Int) -> Answer) { state = Mutex(State(answer: answer)) }

        var requests: [Request] { state.withLock { $0.requests } }

        func answer(with answer: @escaping @Sendable (Request, Int) -> Answer) { state.withLock { $0.answer = answer } }

        func record(_ request: Request) -> Answer {
            let (answer, number) = state.withLock { state in
                state.requests.append(request)
                return (state.answer, state.requests.count - 1)
            }
            return answer(request, number)
        }
    }

    private let book: Book
    private let channel: any Channel

    /// - Parameters:
    ///   - port: the port, instead of any free one.
    ///   - answer: called with each request and its number, counted from 0.
    init(port: Int = 0, answer: @escaping @Sendable (Request, Int) -> Answer = { _, _ in .ok }) async throws {
        let book = Book(answer)
        self.book = book
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler { book.record($0) })
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
    }

    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    var requests: [Request] { book.requests }

    func answer(with answer: @escaping @Sendable (Request, Int) -> Answer) {
        book.answer(with: answer)
    }

    func close() async throws { try await channel.close() }
}

/// One connection; NIO calls it on its event loop only.
private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (Receiver.Request) -> Receiver.Answer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ answer: @escaping @Sendable (Receiver.Request) -> Receiver.Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer): body += buffer.readableBytesView
        case .end:
            guard let head else { return }
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
            let answer = answer(Receiver.Request(path: head.uri, headers: headers, body: body))
            var fields = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
            fields.replaceOrAdd(name: "content-length", value: "0")
            let response = HTTPResponseHead(
                version: .http1_1,
                status: HTTPResponseStatus(statusCode: answer.status),
                headers: fields
            )
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
