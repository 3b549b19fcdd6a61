package import Martlet
package import MartletJSON

/// Bytes that no format could read.
package struct QuarantinedItem: Sendable {
    package let json: JSONValue
    package let id: String
    package let source: String
    package let time: Timestamp?
    package let reason: String
    package let routingKey: String?
    /// In bytes.
    package let size: Int
    /// What came in, where it is text.
    package let text: String?

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        id = try json.text("id")
        source = try json.text("source")
        time = json["time"]?.string.flatMap { Timestamp($0) }
        reason = json["reason"]?.string ?? ""
        routingKey = json["routingkey"]?.string
        size = json.count("size")
        text = json["text"]?.string
    }
}

/// What became of the items of a retry.
package struct QuarantineRetryAnswer: Sendable {
    package let accepted: Int
    package let failed: Int
    package let problems: [(id: String, reason: String)]

    init(json: JSONValue) {
        accepted = json.count("accepted")
        failed = json.count("failed")
        problems =
            (json["problems"]?.elements).map { items in
                items.map { (id: $0["id"]?.string ?? "?", reason: $0["reason"]?.string ?? "unknown") }
            } ?? []
    }
}
