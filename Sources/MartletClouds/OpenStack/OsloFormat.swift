package import Martlet
package import MartletJSON

/// Reads the notifications that OpenStack's services send through oslo.messaging.
///
/// Over RabbitMQ and Kafka, enveloped (`messagingv2`) and not (`messaging`); payloads unversioned, versioned (any service,
/// name and version) and CADF. What is stored is the notification out of its envelope, less the request's context but for
/// a few ids, and less credentials. An unknown event type is read by the rule that its name follows: noun, verb, ending.
package struct OsloFormat: Format {
    package static var name: String { "oslo" }

    package init() {}

    package func decode(_ message: Message, from origin: Origin) throws(FormatError) -> Event {
        try read(message, from: origin).event
    }

    /// Reads one message.
    ///
    /// - Returns: the event, and the notification for ``OsloFactReader``: as it is stored, but that members of the request's
    ///   context, of which no fact is made, may still stand at its top.
    package func read(
        _ message: Message,
        from origin: Origin
    ) throws(FormatError) -> (event: Event, notification: JSONValue) {
        var root = try OsloNotification(message).root
        let cut = NotificationCut(of: root)
        var stored =
            cut.edits.isEmpty ? root.bytes : JSONSplice.applying(cut.edits, to: root.bytes)[...]
        let redacted = Credentials.cut(from: stored)
        if let redacted { stored = redacted }
        if redacted != nil || cut.reachesPayload {
            // What was cut must come neither into an attribute nor into the index.
            guard let document = try? JSONDocument(parsing: stored) else {
                throw FormatError("what is left of the notification without its credentials is not JSON")
            }
            root = document.root
        }
        guard let eventType = root["event_type"] else { throw FormatError("the member \"event_type\" is missing") }
        var draft = OsloDraft(root, eventType: eventType, origin: origin, payload: Payload(json: stored))
        draft.fields.isRedacted = cut.holdsCredential || redacted != nil
        draft.read()
        return (draft.event(), root)
    }
}
