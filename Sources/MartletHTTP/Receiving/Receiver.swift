import HTTPTypes
import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// Takes in what is posted: a body becomes messages, the messages go to their source's port, and the answer says what
/// became of them after the commit.
struct Receiver: Sendable {
    let pipeline: Pipeline
    let settings: HTTPInterface.Settings
    let reader: BodyReader

    /// The port of a source that takes HTTP.
    func port(_ name: String) throws(Problem) -> SourcePort {
        guard let port = pipeline.sources[name], settings.sources[name]?.takesHTTP == true else {
            throw Problem(
                .unknownSource,
                "No source \"\(name)\" takes events over HTTP; GET /v1/status lists the sources."
            )
        }
        return port
    }

    /// Reads the body, has it committed, and answers.
    ///
    /// - Parameter signature: checks the body before anything is made of it; `nil` where the sender is known already.
    func receive(
        _ request: Request,
        _ context: APIContext,
        through port: SourcePort,
        signature: SourceSignature? = nil
    ) async throws -> Response {
        let reception: ReceptionAnswer
        do {
            // Early, before a body of any size is on its way; a small one costs less than a new connection does.
            if !request.announcesNoMore(than: Receiver.smallBodyBytes) { try checkLoad() }
            let body = try await reader.read(request, context)
            try checkLoad()
            try signature?.check(request.headers[.xCSSignature], of: body)
            reception = try await receive(body[...], of: request, through: port)
        } catch {
            if (error as? Problem)?.isRefusal ?? false { port.intake.counters.addRefused(source: port.name) }
            throw error
        }
        // CloudStack's webhooks count nothing but 200 as delivered.
        let status: HTTPResponse.Status = request.headers[.xCSEventID] == nil ? .accepted : .ok
        return .object(status: status) { reception.write(into: &$0) }
    }

    /// More than this is not read where the answer is known before.
    private static let smallBodyBytes = 64 << 10

    /// Refuses what would wait for longer than a client wants to.
    private func checkLoad() throws(Problem) {
        let intake = pipeline.intake
        guard intake.expectedWait > intake.limits.patience else { return }
        throw Problem(.overloaded, "More events come in than the disk takes.")
    }

    private func receive(_ body: Bytes, of request: Request, through port: SourcePort) async throws -> ReceptionAnswer {
        let topic = try request.topic
        let headers = request.messageHeaders
        if settings.sources[port.name]?.format == CloudEventsFormat.name, request.isBinaryCloudEvent {
            let json = (try? JSONDocument(parsing: body))?.root
            let message = Message(bytes: body, json: json, routingKey: topic, headers: headers)
            // It is not quarantined: its attributes are in the headers, and whoever sent it hears at once what is
            // wrong.
            do {
                _ = try port.decoder.decode(message, from: port.origin)
            } catch {
                throw Problem(.invalidEvent, error.reason)
            }
            return ReceptionAnswer(try await port.receive([message]))
        }
        let items = try BodySplitter(mediaType: request.mediaType, hasTopic: topic != nil).split(body)
        if topic != nil, items.count > 1 {
            throw Problem.parameter("topic", "A topic is that of one event, and the body has \(items.count).")
        }
        let messages = items.map { Message(bytes: $0.bytes, json: $0.json, routingKey: topic, headers: headers) }
        return try await port.receive(messages, unreadable: items.map(\.reason))
    }
}

extension Problem {
    /// The request was refused for what it carried, not for what Martlet lacks.
    fileprivate var isRefusal: Bool { code.status < 500 }
}
