import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// A stand-in for the format `oslo`, which knows the envelope, the id and the type alone: what these tests are about is the way
/// that notifications come, not what is in them.
struct StandInOsloDecoder: EventDecoder {
    func decode(_ message: Message, from origin: Origin) throws(FormatError) -> (Event, ResourceFacts?) {
        guard let body = Self.body(message), let id = body["message_id"]?.string, let type = body["event_type"]?.string
        else { throw FormatError("This is no notification.") }
        var fields = Event.Fields(
            id: id,
            source: "/clouds/\(origin.cloud)/\(body["publisher_id"]?.string ?? "")",
            type: type,
            cloud: origin.cloud,
            topic: Topic(text: "osp.Event.\(type.replacing(".", with: "-")).x.x"),
            payload: Payload(json: message.bytes)
        )
        fields.extensions["priority"] = .string(body["priority"]?.string ?? "")
        return (Event(fields: fields), nil)
    }

    /// The second version's envelope holds the first one's message as a text.
    private static func body(_ message: Message) -> JSONValue? {
        guard let inner = message.json?["oslo.message"]?.string else { return message.json }
        return try? JSONDocument(parsing: Array(inner.utf8)).root
    }
}
