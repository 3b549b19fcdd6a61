/// One message of the demonstration, as a broker would hand it over.
package struct DemoMessage: Sendable, Hashable {
    /// The routing key; `nil` as over Kafka, which has none.
    package var topic: String?
    package var body: [UInt8]
    /// When it is published, from the beginning of the day.
    package var offset: Duration

    package init(topic: String?, body: [UInt8], offset: Duration) {
        self.topic = topic
        self.body = body
        self.offset = offset
    }
}
