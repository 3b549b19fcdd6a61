import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// Lines on their way to the intake, bounded.
struct LineBatch: Sendable {
    /// A batch is one acknowledgement; these bounds keep what a source holds unacknowledged small.
    static let maximumLines = 500
    static let maximumBytes = 1 << 20
    /// A line may be as long as a body over HTTP.
    static let maximumLineLength = 16 << 20

    private(set) var messages: [Message] = []
    /// Lines of which nothing but the head was kept.
    private(set) var unreadable: [QuarantineDraft] = []
    private var byteCount = 0

    var isEmpty: Bool { messages.isEmpty && unreadable.isEmpty }
    var isFull: Bool {
        messages.count + unreadable.count >= Self.maximumLines || byteCount >= Self.maximumBytes
    }

    /// Takes a line; a blank one is none.
    mutating func add(_ line: LineCutter.Line) {
        switch line {
        case .whole(let bytes):
            guard !bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return }
            byteCount += bytes.count
            messages.append(Message(bytes: bytes, json: LineBatch.json(bytes)))
        case .tooLong(let head, let count):
            byteCount += head.count
            unreadable.append(
                QuarantineDraft(
                    bytes: Credentials.cut(from: head) ?? head,
                    reason:
                        "the line has \(count) bytes, more than the \(Self.maximumLineLength) allowed; its head is kept"
                )
            )
        }
    }

    /// The parsed line; `nil` where it is no JSON, of which the format tells the reason.
    private static func json(_ bytes: Bytes) -> JSONValue? {
        do {
            return try JSONDocument(parsing: bytes).root
        } catch {
            return nil
        }
    }
}
