import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// Reads a message as a CloudEvent or as a notification of OpenStack's where it says that it is one, and as CloudStack's
/// otherwise.
///
/// For a first look only: a source says its format, so that a message that is damaged is not taken for one of another kind.
struct GuessingDecoder: EventDecoder {
    private let cloudStack = CloudStackDecoder()
    private let oslo = OsloDecoder()
    private let cloudEvents = CloudEventsDecoder()

    func decode(_ message: Message, from origin: Origin) throws(FormatError) -> (Event, ResourceFacts?) {
        var message = message
        // What is no JSON is the format's to refuse, with its own words.
        if message.json == nil { message.json = try? JSONDocument(parsing: message.bytes).root }
        if isCloudEvent(message) { return try cloudEvents.decode(message, from: origin) }
        if isNotification(message) { return try oslo.decode(message, from: origin) }
        return try cloudStack.decode(message, from: origin)
    }

    private func isNotification(_ message: Message) -> Bool {
        guard let body = message.json, body.kind == .object else { return false }
        return body["oslo.version"] != nil || body["event_type"] != nil && body["publisher_id"] != nil
    }

    private func isCloudEvent(_ message: Message) -> Bool {
        if message.headers["content-type"]?.lowercased().hasPrefix("application/cloudevents") ?? false { return true }
        if message.headers.keys.contains(where: { $0.lowercased().isCloudEventsVersion }) { return true }
        return message.json?.kind == .object && message.json?["specversion"] != nil
    }
}

extension String {
    /// In the spellings of the bindings to HTTP, Kafka and AMQP.
    fileprivate var isCloudEventsVersion: Bool {
        ["ce-specversion", "ce_specversion", "cloudevents:specversion", "cloudevents_specversion"].contains(self)
    }
}
