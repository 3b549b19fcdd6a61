import CRabbitMQ

/// Reads a message's properties and headers as formats want them: names in lower case, values as text.
struct HeaderReader {
    // A publisher's messages mostly have the same properties: those of the message before are looked at first, as they came
    // over the wire.
    private var lastRaw: [UInt8] = []
    private var last: [String: String] = [:]

    /// - Parameter raw: the properties as they came over the wire.
    mutating func read(_ properties: amqp_basic_properties_t, raw: amqp_bytes_t) -> [String: String] {
        let isSame = raw.len > 0 && lastRaw.withUnsafeBytes { raw.equals($0) }
        if isSame { return last }
        last = Self.headers(properties)
        lastRaw = Array(raw.buffer)
        return last
    }

    static func headers(_ properties: amqp_basic_properties_t) -> [String: String] {
        var headers: [String: String] = [:]
        if properties.has(AMQP_BASIC_HEADERS_FLAG) {
            for entry in properties.headers.entriesBuffer {
                if let text = entry.value.text { headers[entry.key.text.lowercased()] = text }
            }
        }
        // A header may not stand for a property: the property is what the publisher's library wrote.
        let texts = [
            ("content-type", AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type),
            ("content-encoding", AMQP_BASIC_CONTENT_ENCODING_FLAG, properties.content_encoding),
            ("message-id", AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id),
            ("type", AMQP_BASIC_TYPE_FLAG, properties.type), ("app-id", AMQP_BASIC_APP_ID_FLAG, properties.app_id),
        ]
        for (name, flag, value) in texts { headers[name] = properties.has(flag) ? value.text : nil }
        return headers
    }
}

extension amqp_basic_properties_t {
    func has(_ flag: Int32) -> Bool { _flags & amqp_flags_t(flag) != 0 }
}
