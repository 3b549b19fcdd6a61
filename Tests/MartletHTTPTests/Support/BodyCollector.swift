import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Collects what an answer's body writes.
final class BodyCollector: ResponseBodyWriter {
    private let buffer = Mutex<[UInt8]>([])

    var bytes: [UInt8] { buffer.withLock { $0 } }

    func write(_ part: ByteBuffer) async throws {
        buffer.withLock { $0.append(contentsOf: part.readableBytesView) }
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {}
}
