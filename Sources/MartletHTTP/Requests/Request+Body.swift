import HTTPTypes
import Hummingbird

extension Request {
    /// The length of the body as its sender has announced it; `nil` where it has not.
    var contentLength: Int? { headers[.contentLength].flatMap { Int($0) } }

    /// Whether a body follows the head.
    var announcesBody: Bool { contentLength.map { $0 > 0 } ?? (headers[.transferEncoding] != nil) }

    /// Whether the announced body is larger than this.
    func announcesMore(than bytes: Int) -> Bool { contentLength.map { $0 > bytes } ?? false }

    /// Whether the body is known to be no larger than this.
    func announcesNoMore(than bytes: Int) -> Bool {
        contentLength.map { $0 <= bytes } ?? (headers[.transferEncoding] == nil)
    }

    /// The media type of the body in lower case, without parameters; empty where none is said.
    var mediaType: String {
        (headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
    }
}
