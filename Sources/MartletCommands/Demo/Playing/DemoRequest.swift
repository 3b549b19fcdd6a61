/// What goes to a server at once: one message with its routing key, or those in a row that have none.
///
/// Those without go as lines, so that one of them that cannot be read is quarantined and does not cost the others.
struct DemoRequest: Hashable {
    var topic: String?
    var body: [UInt8]
    var contentType: String
    /// How many messages it holds.
    var count: Int

    /// All messages of a day in order.
    static func requests(of day: DemoDay) -> [DemoRequest] {
        var requests: [DemoRequest] = []
        var lines: [[UInt8]] = []
        for message in day {
            guard let topic = message.topic else {
                lines.append(message.body)
                continue
            }
            requests.append(linesOf: &lines)
            requests.append(DemoRequest(topic: topic, body: message.body, contentType: "application/json", count: 1))
        }
        requests.append(linesOf: &lines)
        return requests
    }
}

extension [DemoRequest] {
    fileprivate mutating func append(linesOf lines: inout [[UInt8]]) {
        guard !lines.isEmpty else { return }
        append(
            DemoRequest(
                topic: nil,
                body: [UInt8](lines.joined(separator: [UInt8(ascii: "\n")])),
                contentType: "application/x-ndjson",
                count: lines.count
            )
        )
        lines = []
    }
}
