import MartletClient
import MartletJSON
import NIOCore
import NIOHTTP1

/// Announces a connection to ``Connections``, and ends it when its time is over. NIO calls it on the connection's loop only.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// It does not look into what passes.
    typealias InboundIn = NIOAny

    private let connections: Connections
    private var timer: Scheduled<Void>?
    private var isRefused = false

    init(_ connections: Connections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) {
        switch connections.open(context.channel) {
        case .welcome: schedule(context)
        case .refused:
            isRefused = true
            if context.channel.isActive { refuse(context) }
        case .dropped:
            let channel = context.channel
            context.eventLoop.execute { channel.close(promise: nil) }
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        if isRefused { refuse(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        if isRefused { connections.hasLeft() } else { connections.close(context.channel) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Nobody is to answer one that has been refused, but what it sends is read, or it would see a reset and no answer.
        if !isRefused { context.fireChannelRead(data) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connections.isTaking(context.channel.isWritable, context.channel)
        context.fireChannelWritabilityChanged()
    }

    private func schedule(_ context: ChannelHandlerContext) {
        guard let deadline = connections.deadline(of: context.channel) else { return context.close(promise: nil) }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.schedule(context) }
    }

    /// Answers before anything is asked, past the encoder, and closes when the client has had time to read it.
    private func refuse(_ context: ChannelHandlerContext) {
        let channel = context.channel
        let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
        guard channel.isActive, let encoder else { return channel.close(promise: nil) }
        encoder.writeAndFlush(NIOAny(ByteBuffer(bytes: ConnectionHandler.refusal)), promise: nil)
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }

    private static let refusal: [UInt8] = {
        let problem = Problem(.overloaded, "As many requests are under way as this server takes at once.")
        var writer = JSONWriter()
        problem.write(into: &writer)
        let head = """
            HTTP/1.1 503 Service Unavailable\r
            Content-Type: \(Problem.contentType)\r
            Content-Length: \(writer.bytes.count)\r
            Retry-After: \(problem.code.retryAfter ?? 1)\r
            Connection: close\r
            \r

            """
        return Array(head.utf8) + writer.bytes
    }()
}
