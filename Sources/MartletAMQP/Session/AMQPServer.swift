/// What a broker says of itself.
package struct AMQPServer: Sendable, Hashable {
    /// `RabbitMQ`; empty where it does not say.
    package var product: String
    /// `3.10.8`; empty where it does not say.
    package var version: String

    package init(product: String, version: String) {
        self.product = product
        self.version = version
    }

    /// Whether it is RabbitMQ of this major version or a later one.
    package func isRabbitMQ(atLeast major: Int) -> Bool {
        guard product == "RabbitMQ", let number = Int(version.prefix { $0.isASCII && $0.isNumber }) else {
            return false
        }
        return number >= major
    }
}
