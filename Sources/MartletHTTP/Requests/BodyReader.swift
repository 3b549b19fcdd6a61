import HTTPTypes
import Hummingbird
import MartletClient

/// Reads the body of a request into memory, bounded in size and in time.
///
/// A client that trickles is answered with 408 when its time is over. One that falls silent is cut off by the
/// connection's idle time-out, which costs no timer for each request.
struct BodyReader: Sendable {
    /// Bytes, at the most.
    let limit: Int
    /// How long the whole body may take.
    let timeout: Duration
    /// What all bodies may hold together.
    let budget: BodyBudget

    /// The whole body.
    func read(_ request: Request, _ context: APIContext) async throws(Problem) -> [UInt8] {
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType,
                "The content encoding \"\(encoding)\" is not read; send the body as it is."
            )
        }
        if request.announcesMore(than: limit) { throw tooLarge }
        var bytes: [UInt8] = []
        // What is announced is not there yet, and may never come.
        bytes.reserveCapacity(min(max(0, request.contentLength ?? 0), 256 << 10))
        let deadline = ContinuousClock.now + timeout
        do {
            for try await buffer in request.body {
                if bytes.count + buffer.readableBytes > limit { throw tooLarge }
                if ContinuousClock.now > deadline {
                    throw Problem(.timeout, "The body took longer than \(timeout.inWholeSeconds) s to arrive.")
                }
                guard context.bodyState.hold(buffer.readableBytes, of: budget) else { throw BodyReader.overloaded }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw BodyReader.cutShort
        }
        // A connection that ends in the middle of a body looks like the end of the body.
        if let length = request.contentLength, bytes.count < length { throw BodyReader.cutShort }
        if Task.isCancelled { throw Problem(.stopping, "Martlet is stopping.") }
        context.bodyState.markRead()
        return bytes
    }

    private var tooLarge: Problem { Problem(.bodyTooLarge, "The body may have \(limit) bytes at the most.") }
    private static let overloaded = Problem(
        .overloaded,
        "The bodies of the requests under way take all the memory there is for them."
    )
    private static let cutShort = Problem(.timeout, "The connection ended before the whole body had arrived.")
}

extension Duration {
    fileprivate var inWholeSeconds: Int64 { components.seconds }
}
