import Foundation
import MartletJSON

/// A CloudEvent as Kafka's binding wants it in binary mode: attributes in headers named `ce_…`, `data` as the value.
///
/// It is made of the event in the JSON format, because that is what the gate has let out.
struct BinaryCloudEvent {
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// - Throws: `JSONError` where the bytes are no JSON.
    init(structured bytes: [UInt8]) throws {
        let event = try JSONDocument(parsing: bytes).root
        var contentType = event["datacontenttype"]?.string
        for member in event.members {
            let value = member.value
            switch member.key {
            case "data":
                if let text = value.string, let type = contentType, !Self.isJSON(type) {
                    body = Array(text.utf8)
                } else {
                    body = Array(value.bytes)
                    contentType = contentType ?? "application/json"
                }
            case "data_base64": body = value.string.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? []
            case "datacontenttype": break
            default:
                // A number or a boolean is its own text; null stands for an absent attribute.
                guard !value.isNull else { continue }
                headers.append(
                    (name: "ce_\(member.key)", value: value.string ?? String(decoding: value.bytes, as: UTF8.self))
                )
            }
        }
        if let contentType { headers.append((name: "content-type", value: contentType)) }
    }

    private static func isJSON(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        return type.hasSuffix("/json") || type.hasSuffix("+json")
    }
}
