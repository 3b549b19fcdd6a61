import CRabbitMQ
import Glibc
import MartletJSON

/// Puts messages together from frames: a method, a header, and pieces of the body.
///
/// Each piece is copied once, from the library's buffer into the body's array. Of a body that is too large only the head is
/// kept, and the rest is read past, so that a claim of a hundred megabytes costs no more memory than that.
struct MessageAssembler {
    /// What a message came with.
    enum Envelope {
        case delivery(tag: UInt64, isRedelivered: Bool)
        case returned(reason: String)
    }

    struct Whole {
        var envelope: Envelope
        var exchange: String
        var routingKey: String
        var headers: [String: String]
        var body: [UInt8]
        var size: UInt64
    }

    private let limits: AMQPLimits
    private var envelope: Envelope?
    private var exchange = ""
    private var routingKey = ""
    private var headers = HeaderReader()
    private var currentHeaders: [String: String] = [:]
    private var body: [UInt8] = []
    private var size: UInt64 = 0
    private var received: UInt64 = 0

    init(limits: AMQPLimits) { self.limits = limits }

    mutating func begin(_ deliver: amqp_basic_deliver_t) {
        begin(
            .delivery(tag: deliver.delivery_tag, isRedelivered: deliver.redelivered != 0),
            deliver.exchange,
            deliver.routing_key
        )
    }

    mutating func begin(_ returned: amqp_basic_return_t) {
        begin(.returned(reason: returned.reply_text.text), returned.exchange, returned.routing_key)
    }

    private mutating func begin(_ envelope: Envelope, _ exchange: amqp_bytes_t, _ routingKey: amqp_bytes_t) {
        self.envelope = envelope
        // Most messages come from the same exchange as the one before.
        let isSame = self.exchange.withUTF8 { exchange.equals(UnsafeRawBufferPointer($0)) }
        if !isSame { self.exchange = exchange.text }
        self.routingKey = routingKey.text
        (body, size, received) = ([], 0, 0)
    }

    /// Takes the header; the message where it has no body.
    mutating func take(_ properties: amqp_basic_properties_t, raw: amqp_bytes_t, size: UInt64) -> Whole? {
        guard envelope != nil else { return nil }
        self.size = size
        currentHeaders = headers.read(properties, raw: raw)
        return size == 0 ? finish() : nil
    }

    /// Takes a piece of the body; the message with its last one.
    mutating func take(_ fragment: amqp_bytes_t) -> Whole? {
        guard envelope != nil else { return nil }
        let bytes = fragment.buffer
        received += UInt64(bytes.count)
        if received == size, body.isEmpty, size <= limits.maximumBody {
            body = Array(bytes)
        } else {
            let kept = size <= limits.maximumBody ? Int(size) : limits.keptHead
            if body.isEmpty { body.reserveCapacity(kept) }
            body.append(contentsOf: bytes.prefix(kept - body.count))
        }
        return received >= size ? finish() : nil
    }

    private mutating func finish() -> Whole? {
        guard let envelope else { return nil }
        self.envelope = nil
        defer { body = [] }
        return Whole(
            envelope: envelope,
            exchange: exchange,
            routingKey: routingKey,
            headers: currentHeaders,
            body: body,
            size: size
        )
    }
}
