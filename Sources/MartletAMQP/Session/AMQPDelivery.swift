package import MartletJSON

/// A message that the broker has delivered and that waits for its acknowledgement.
package struct AMQPDelivery: Sendable {
    /// Rising within a session, from 1.
    package var tag: UInt64
    package var exchange: String
    package var routingKey: String
    /// Whether the broker has delivered it before.
    package var isRedelivered: Bool
    /// The properties `content-type`, `content-encoding`, `message-id`, `type` and `app-id`, and the headers, whose names are in
    /// lower case; headers that are tables or arrays are left out.
    package var headers: [String: String]
    /// The whole body, or its head where it is larger than the session takes.
    package var body: Bytes
    /// How many bytes the whole body has.
    package var size: UInt64

    /// Whether the body was too large, so that only its head is here.
    package var isCut: Bool { UInt64(body.count) < size }
}
