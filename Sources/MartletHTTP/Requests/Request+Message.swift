import HTTPTypes
import Hummingbird
import MartletClient

extension HTTPField.Name {
    static let xMartletTopic = HTTPField.Name("X-Martlet-Topic")!
    static let xCSEventID = HTTPField.Name("X-CS-Event-ID")!
    static let xCSSignature = HTTPField.Name("X-CS-Signature")!
}

extension Request {
    /// The routing key that came with the body, by header or query.
    var topic: String? {
        get throws(Problem) {
            if let topic = headers[.xMartletTopic], !topic.isEmpty { return topic }
            return try query.text("topic")
        }
    }

    /// The headers that a format may read, names in lower case: no others, and so none with credentials.
    var messageHeaders: [String: String] {
        var kept: [String: String] = [:]
        for field in headers {
            let name = field.name.canonicalName
            guard name.hasPrefix("ce-") || name.hasPrefix("x-cs-") || name == "content-type" || name == "user-agent",
                name != SourceSignature.header.lowercased()
            else { continue }
            kept[name] = field.value
        }
        return kept
    }

    /// Whether the body is the data of one CloudEvent whose attributes are in the headers.
    var isBinaryCloudEvent: Bool {
        guard !mediaType.hasPrefix("application/cloudevents") else { return false }
        return ["ce-specversion", "ce-id", "ce-source", "ce-type"].contains { name in
            headers.contains { $0.name.canonicalName == name }
        }
    }
}
