import HTTPTypes
import Hummingbird
import MartletClient
import MartletJSON

extension Response {
    /// An answer in JSON.
    init(json writer: JSONWriter, status: HTTPResponse.Status = .ok, contentType: String = "application/json") {
        self.init(
            status: status,
            headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes))
        )
    }

    /// An answer in JSON, an object whose members `write` writes.
    static func object(
        status: HTTPResponse.Status = .ok,
        reservingCapacity capacity: Int = 512,
        _ write: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        var writer = JSONWriter(reservingCapacity: capacity)
        writer.beginObject()
        try write(&writer)
        writer.endObject()
        return Response(json: writer, status: status)
    }

    /// An answer in JSON, a value that `write` writes.
    static func value(_ write: (inout JSONWriter) throws -> Void) rethrows -> Response {
        var writer = JSONWriter()
        try write(&writer)
        return Response(json: writer)
    }

    /// A problem document; only its head where the request wants no more.
    init(problem: Problem, to request: Request) {
        var writer = JSONWriter()
        problem.write(into: &writer)
        self.init(
            json: writer,
            status: HTTPResponse.Status(code: problem.code.status),
            contentType: Problem.contentType
        )
        if let seconds = problem.code.retryAfter { headers[.retryAfter] = String(seconds) }
        if problem.code == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if request.method == .head { self = createHeadResponse() }
    }
}
