import Martlet

/// The routing key of a topic: its text, where AMQP can carry it.
enum RoutingKey {
    /// What a short string of AMQP 0-9-1 holds.
    static let maximumBytes = 255

    static func of(_ topic: Topic) -> String { bounded(topic.text) }

    /// The text, or as much of it as leaves room for `~` and a hash of the whole in hexadecimal digits.
    ///
    /// The hash is FNV-1a of 64 bits: the same in every process, since bindings may name it.
    static func bounded(_ text: String) -> String {
        guard text.utf8.count > maximumBytes else { return text }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        let ending = "~" + String(repeating: "0", count: 16 - digits.count) + digits
        var head = Substring(text.unicodeScalars.prefix(maximumBytes - ending.utf8.count))
        while head.utf8.count + ending.utf8.count > maximumBytes { head.unicodeScalars.removeLast() }
        return head + ending
    }
}
