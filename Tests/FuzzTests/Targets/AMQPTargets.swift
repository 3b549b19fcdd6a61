import CRabbitMQ
import Martlet
@testable import MartletAMQP
import MartletJSON

/// What comes from RabbitMQ and from those who name it.
enum AMQPTargets {
    static let all = [binding, headers, address]

    /// An event in the JSON format goes out in binary mode and comes in as the same.
    private static let binding = FuzzTarget(name: "amqp-binding") { bytes in
        guard let json = FormatTargets.json(bytes),
            let event = try? CloudEventsFormat().decode(
                Message(bytes: bytes, json: json),
                from: FormatTargets.origin
            )
        else { return }
        let binary = try BinaryCloudEvent(structured: Array(FormatTargets.structured(event)))
        var headers: [String: String] = [:]
        for (name, value) in binary.headers { headers[name.lowercased()] = value.text }
        headers["content-type"] = binary.contentType
        let body = binary.body[...]
        let message = Message(bytes: body, json: FormatTargets.json(body), headers: headers)
        // In a transport that says nothing of JSON's types a media type of CloudEvents means structured mode.
        guard !(binary.contentType ?? "").lowercased().hasPrefix("application/cloudevents") else { return }
        try FormatTargets.compare(event, message, "AMQP")
        let key = RoutingKey.of(event.topic)
        try demand(key.utf8.count <= RoutingKey.maximumBytes, "a routing key is too long")
        try demand(RoutingKey.bounded(key) == key, "a bounded routing key is bounded again")
    }

    /// A table of headers as it comes over the wire.
    private static let headers = FuzzTarget(name: "amqp-headers") { bytes in
        var pool = amqp_pool_t()
        init_amqp_pool(&pool, 4_096)
        defer { empty_amqp_pool(&pool) }
        var raw = Array(bytes)
        // The table's texts lie in the bytes that it was read from.
        let headers = raw.withUnsafeMutableBytes { buffer -> [String: String] in
            var table = amqp_table_t()
            var offset = 0
            let encoded = amqp_bytes_t(len: buffer.count, bytes: buffer.baseAddress)
            guard amqp_decode_table(encoded, &pool, &table, &offset) == 0 else { return [:] }
            var properties = amqp_basic_properties_t()
            properties._flags = amqp_flags_t(AMQP_BASIC_HEADERS_FLAG)
            properties.headers = table
            return HeaderReader.headers(properties)
        }
        let isPlain = headers.keys.allSatisfy { $0 == $0.lowercased() }
        try demand(isPlain, "a header's name is not in lower case")
    }

    /// A broker's address; what is wrong with one is told without its password.
    private static let address = FuzzTarget(name: "amqp-address") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let address = try? AMQPAddress(text, field: "url") {
            try demand(!address.hosts.isEmpty, "an address has no host")
        }
        guard !text.isEmpty, !text.contains("\0") else { return }
        let path = try? AMQPAddress("amqp://host/\(AMQPAddress.encode(text))", field: "url").virtualHost
        try demand(path == text, "a virtual host comes out of its encoding as another")
        let user = AMQPAddress.encode(text)
        let host = try? AMQPAddress("amqp://\(user):s33ded\(user)@host", field: "url").hosts.first
        try demand(host?.password == "s33ded\(text)", "a password comes out of its encoding as another")
    }
}

extension AMQPValue {
    /// As ``HeaderReader`` reads it.
    fileprivate var text: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .string(let value): value
        }
    }
}
