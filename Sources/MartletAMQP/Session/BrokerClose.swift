import CRabbitMQ

/// The broker's reason to close a channel or a connection.
struct BrokerClose {
    var code: Int
    var text: String
    /// Whether the whole connection is closed, not a channel alone.
    var endsConnection: Bool

    /// `nil` where the method is none of the two.
    init?(_ method: amqp_method_t) {
        guard let decoded = method.decoded else { return nil }
        switch method.id {
        case AMQP_CHANNEL_CLOSE_METHOD:
            let close = decoded.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
            self.init(code: Int(close.reply_code), text: close.reply_text.text, endsConnection: false)
        case AMQP_CONNECTION_CLOSE_METHOD:
            let close = decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
            self.init(code: Int(close.reply_code), text: close.reply_text.text, endsConnection: true)
        default:
            return nil
        }
    }

    init?(_ reply: amqp_rpc_reply_t) {
        guard reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION else { return nil }
        self.init(reply.reply)
    }

    init(code: Int, text: String, endsConnection: Bool) {
        self.code = code
        // RabbitMQ's texts begin with the code's name: `NOT_FOUND - no exchange 'x' in vhost '/'`.
        self.text = text.firstRange(of: " - ").map { String(text[$0.upperBound...]) } ?? text
        self.endsConnection = endsConnection
    }

    func error(at place: String) -> AMQPError {
        switch code {
        case 404:
            return AMQPError(
                .missing,
                text,
                at: place,
                remedy: "check the name and the virtual host, or have it declared"
            )
        case 406 where text.contains("inequivalent"):
            return AMQPError(
                .inequivalent,
                text,
                at: place,
                remedy: "use what is there, choose another name, or delete it so that it is declared anew"
            )
        case 406, 311:
            return AMQPError(.precondition, text, at: place, remedy: "look at what the broker says")
        case 403:
            return AMQPError(
                .accessRefused,
                text,
                at: place,
                remedy: "give the user the permission that the broker names"
            )
        case 405:
            return AMQPError(.locked, text, at: place, remedy: "choose another queue, or end its other user")
        case 320:
            return AMQPError(
                .lost,
                "the broker has closed the connection: \(text)",
                at: place,
                remedy: "nothing, where the broker was stopped by intention; else look at its log"
            )
        default:
            return AMQPError(.failed, "\(text) (\(code))", at: place, remedy: "look at the broker's log")
        }
    }
}
