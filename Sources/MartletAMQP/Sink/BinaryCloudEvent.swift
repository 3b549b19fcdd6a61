import Foundation
import Martlet
import MartletJSON

/// A CloudEvent as AMQP's binding wants it in binary mode: attributes in headers named `cloudEvents:…`, `data` as the body.
///
/// It is made of the event in the JSON format, because that is what the gate has let out.
struct BinaryCloudEvent {
    var headers: AMQPArguments = [:]
    var contentType: String?
    var body: [UInt8] = []

    /// - Throws: `JSONError` where the bytes are no JSON.
    init(structured bytes: [UInt8]) throws {
        let event = try JSONDocument(parsing: bytes).root
        contentType = event["datacontenttype"]?.string
        for member in event.members {
            switch member.key {
            case "data": take(data: member.value)
            case "data_base64":
                body = member.value.string.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? []
            case "datacontenttype": break
            default: headers["cloudEvents:\(member.key)"] = AMQPValue(member.value)
            }
        }
    }

    /// A text whose type is not JSON goes without its quotes; everything else is JSON, and so is what has no type.
    private mutating func take(data: JSONValue) {
        if let text = data.string, let contentType, !Self.isJSON(contentType) {
            body = Array(text.utf8)
        } else {
            body = Array(data.bytes)
            contentType = contentType ?? "application/json"
        }
    }

    private static func isJSON(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        return type.hasSuffix("/json") || type.hasSuffix("+json")
    }
}

extension AMQPValue {
    /// An attribute; `nil` for what none can be.
    fileprivate init?(_ value: JSONValue) {
        if let text = value.string {
            self = .string(text)
        } else if let boolean = value.boolean {
            self = .boolean(boolean)
        } else if let integer = value.integer {
            self = .integer(integer)
        } else {
            return nil
        }
    }
}
