/// A value of an argument or a header.
package enum AMQPValue: Sendable, Hashable {
    case boolean(Bool)
    case integer(Int64)
    case string(String)
}

/// The arguments of a queue, an exchange, a binding or a consumer.
package typealias AMQPArguments = [String: AMQPValue]
