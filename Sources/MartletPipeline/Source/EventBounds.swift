import Martlet

/// How long the names in an event may be, and of what: they go into headers, routing keys and indexes.
///
/// Unknown is data (promise 13), but a name of a megabyte or with a line break in it is no name.
enum EventBounds {
    /// In UTF-8; AMQP's own bound on a routing key is 255.
    private static let maximumBytes = 1_024

    static func check(_ event: Event) throws(FormatError) {
        try check(event.id, "id")
        try check(event.type, "type")
        try check(event.source, "source")
        try check(event.topic.text, "topic")
        if let key = event.fields.routingKey { try check(key, "routing key") }
        if let resource = event.resource {
            try check(resource.type, "resource's type")
            try check(resource.id, "resource's id")
        }
    }

    private static func check(_ text: String, _ name: String) throws(FormatError) {
        guard text.utf8.count <= maximumBytes else {
            throw FormatError("the \(name) is longer than \(maximumBytes) bytes")
        }
        guard !holdsControlCharacter(text) else {
            throw FormatError("the \(name) contains a line break or another control character")
        }
    }

    private static func holdsControlCharacter(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            // Without an early exit eight and more bytes are looked at in one step.
            var found: UInt8 = 0
            for byte in bytes { found |= byte < 0x20 || byte == 0x7F ? 1 : 0 }
            return found != 0
        }
    }
}
