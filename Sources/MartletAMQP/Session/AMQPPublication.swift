/// A message to publish.
package struct AMQPPublication: Sendable, Hashable {
    package var exchange: String
    /// At most 255 bytes in UTF-8.
    package var routingKey: String
    package var body: [UInt8]
    package var contentType: String?
    package var messageID: String?
    /// Application headers; names of up to 128 bytes.
    package var headers: AMQPArguments
    /// Whether it outlives the broker's restart in a durable queue.
    package var isPersistent: Bool
    /// Whether the broker hands it back where no queue takes it: ``AMQPOutcome/returned(_:)``.
    package var isMandatory: Bool

    package init(
        exchange: String,
        routingKey: String,
        body: [UInt8],
        contentType: String? = nil,
        messageID: String? = nil,
        headers: AMQPArguments = [:],
        isPersistent: Bool = true,
        isMandatory: Bool = false
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.body = body
        self.contentType = contentType
        self.messageID = messageID
        self.headers = headers
        self.isPersistent = isPersistent
        self.isMandatory = isMandatory
    }
}

extension AMQPPublication {
    /// Why AMQP cannot carry it; `nil` where it can. The library would write what the broker cannot read.
    func obstacle(frameMaximum: Int) -> String? {
        if routingKey.utf8.count > 255 { return "a routing key is longer than 255 bytes" }
        if exchange.utf8.count > 255 { return "an exchange's name is longer than 255 bytes" }
        if let contentType, contentType.utf8.count > 255 { return "a content type is longer than 255 bytes" }
        if let messageID, messageID.utf8.count > 255 { return "a message's id is longer than 255 bytes" }
        guard !headers.isEmpty else { return nil }
        // The properties are one frame: with what stands before each value, and with room for all the others.
        var size = 2_048
        for (name, value) in headers {
            if name.utf8.count > 255 { return "a header's name is longer than 255 bytes" }
            size += name.utf8.count + 10
            if case .string(let text) = value { size += text.utf8.count }
        }
        return size > frameMaximum ? "the headers have more than the \(frameMaximum) bytes of a frame" : nil
    }
}

/// What became of a published message.
package enum AMQPOutcome: Sendable, Hashable {
    /// The broker has it, durably where it is persistent and a durable queue took it.
    case confirmed
    /// The broker could not take it; it may be published again.
    case nacked
    /// No queue took it, and it was mandatory: the broker's words.
    case returned(String)
    /// Written, and nothing heard of it: the broker may have it or not.
    case lost(AMQPError)
    /// Not written at all: the broker has nothing of it.
    case unsent(AMQPError)
}
