package import Martlet
package import MartletJSON

/// An event that a forwarder gave up on.
package struct DeadLetterAnswer: Sendable {
    package let json: JSONValue
    package let id: String
    package let forwarder: String
    package let position: Position?
    package let reason: String
    package let attempts: Int
    package let time: Timestamp?
    package let event: ListedEvent?

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        id = try json.text("id")
        forwarder = try json.text("forwarder")
        position = json["position"]?.string.flatMap { Position($0) }
        reason = json["reason"]?.string ?? ""
        attempts = json.count("attempts")
        time = json["time"]?.string.flatMap { Timestamp($0) }
        event = json["event"].flatMap { $0.kind == .object ? ListedEvent(json: $0) : nil }
    }
}
